"""The desk in a real browser: Debian's chromium, driven by Playwright."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from consultant import review, steering
from consultant.models import Case
from consultant.vocabulary import Status
from tests.conftest import letter, sent_files

MAILS = Path(__file__).parent / "mails"
Mail = Callable[..., Case]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests here. Playwright keeps an event loop in this thread, which Django would take for async code."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page of its own; any complaint of the browser (a blocked script, a broken policy, a missing file) fails the test."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    # A list that follows what happens may still be asking: the tables are not emptied under it.
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(10)
    assert complaints == []


def sign_in(page: Page, user: User) -> None:
    page.goto("/")
    page.get_by_label("Name").fill(user.username)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()  # keys work once the script is there


def test_alice_signs_in_reads_edits_approves_and_the_mail_arrives(mail: Mail, alice: User, outbox: Path, page: Page) -> None:
    case = mail(subject="biofeedback units")
    sign_in(page, alice)
    page.get_by_role("link", name="biofeedback units").click()
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("biofeedback units")
    expect(page.locator(".letter")).to_contain_text("pelvic floor biofeedback")
    page.keyboard.press("e")
    text = page.get_by_label("Text, as it will leave")
    expect(text).to_be_focused()
    text.fill("Report 90912, Maria.\n\nAlice at the desk")
    page.get_by_role("button", name="Save, approve and send").click()
    expect(page.get_by_role("status")).to_contain_text("approved with your text")
    steering.advance(case.pk)
    sent = message_from_bytes(sent_files(outbox)[0])
    assert sent["To"] == "maria@clinic.example"
    assert sent["In-Reply-To"] == "<q1@clinic.example>"
    assert b"Report 90912, Maria." in sent_files(outbox)[0]
    page.get_by_role("link", name="Outbox").click()
    expect(page.locator("main")).to_contain_text(case.number)


def test_the_quoted_rest_of_a_letter_is_one_key_away(mail: Mail, alice: User, page: Page) -> None:
    mail(text="It was the left knee.\n\nOn 3/2/2026 9:15, Desk wrote:\n> Which side was it?", subject="a reply")
    sign_in(page, alice)
    page.get_by_role("link", name="a reply").click()
    page.wait_for_load_state()
    rest = page.locator("details.rest .whole")
    expect(rest).to_be_hidden()
    page.keyboard.press("o")
    expect(rest).to_be_visible()
    expect(rest).to_contain_text("Which side was it?")
    page.keyboard.press("o")
    expect(rest).to_be_hidden()


def test_the_seconds_run_down_and_undo_takes_the_approval_back(mail: Mail, alice: User, page: Page, settings: Any) -> None:
    settings.UNDO_SECONDS = 60
    case = mail()
    sign_in(page, alice)
    page.goto(f"/case/{case.pk}")
    page.locator("#approve").click()
    page.get_by_role("link", name="look at it, or undo").click()
    left = page.locator("#undo strong")
    expect(left).to_have_text(re.compile(r"^[1-5]\d s$"))
    before = left.inner_text()
    expect(left).not_to_have_text(before)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"Taken back: {case.number}")).to_be_visible()
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.DRAFTED


def test_a_page_that_refreshes_itself_does_not_overtake_a_deed(mail: Mail, alice: User, page: Page, settings: Any) -> None:
    settings.UNDO_SECONDS = 60
    case = mail()
    review.approve(case, alice, version=1, letters=1)
    held: dict[str, Route] = {}
    page.clock.install()
    sign_in(page, alice)
    page.route("**/pulse*", lambda route: held.setdefault("pulse", route))
    page.route("**/take-back", lambda route: held.setdefault("deed", route))
    page.goto(f"/case/{case.pk}")
    with page.expect_request("**/pulse*"):
        page.clock.fast_forward(2_500)
    with page.expect_request("**/take-back"):
        page.get_by_role("button", name="Undo").click(no_wait_after=True)
    held["pulse"].fulfill(headers={"HX-Refresh": "true"})
    held["deed"].continue_()
    expect(page.get_by_text(f"Taken back: {case.number}")).to_be_visible()


def test_the_original_can_be_taken_twice(mail: Mail, alice: User, page: Page) -> None:
    case = mail()
    sign_in(page, alice)
    page.goto(f"/case/{case.pk}")
    for _ in range(2):
        with page.expect_download() as taken:
            page.get_by_role("button", name="Original (.eml)").click()
        assert b"pelvic floor biofeedback" in Path(taken.value.path()).read_bytes()


def test_a_page_goes_on_asking_after_a_file_was_taken_from_it(mail: Mail, alice: User, page: Page) -> None:
    attached = (MAILS / "attached_letter_with_a_file_in_it.eml").read_bytes()
    case = mail(attached)
    page.clock.install()
    sign_in(page, alice)
    page.goto(f"/case/{case.pk}")
    with page.expect_download():
        page.get_by_label("Attachments").get_by_role("button").first.click()
    with page.expect_request("**/pulse*"):
        page.clock.fast_forward(11_000)


def test_the_queue_by_keyboard_alone(mail: Mail, alice: User, page: Page) -> None:
    mail(subject="first")
    mail(letter(subject="second", message_id="<q2@x>", sender="Otto <otto@clinic.example>"), mail_from="otto@clinic.example")
    sign_in(page, alice)
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="first")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="second")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("second")
    page.wait_for_load_state()
    page.keyboard.press("a")
    expect(page.locator("#approve")).to_be_focused()
    page.keyboard.press("d")
    reason = page.get_by_label("Why won’t we answer this?")
    expect(reason).to_be_focused()
    page.keyboard.type("undead ja?")  # letters that are keys elsewhere
    expect(reason).to_have_value("undead ja?")
    page.keyboard.press("Escape")
    expect(reason).to_be_hidden()
    page.keyboard.press("u")
    expect(page.get_by_role("link", name="second")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert Case.objects.filter(status=Status.DRAFTED).count() == 2


def test_the_list_follows_what_happens_and_keeps_the_selection(mail: Mail, alice: User, page: Page) -> None:
    mail(subject="first")
    page.clock.install()
    sign_in(page, alice)
    page.keyboard.press("j")
    mail(
        letter(subject="just came in", message_id="<q2@x>", sender="Otto <otto@clinic.example>"), mail_from="otto@clinic.example"
    )
    page.clock.fast_forward(21_000)
    expect(page.get_by_role("link", name="just came in")).to_be_visible()
    expect(page.get_by_role("link", name="first")).to_be_focused()
    page.get_by_role("searchbox").fill("just")
    page.clock.fast_forward(1_000)
    expect(page.get_by_role("link", name="first")).to_be_hidden()
    assert "q=just" in page.url


def test_an_approved_case_shows_by_itself_that_it_was_sent(mail: Mail, alice: User, page: Page) -> None:
    case = mail()
    review.approve(case, alice, version=1, letters=1)
    page.clock.install()
    sign_in(page, alice)
    page.goto(f"/case/{case.pk}")
    expect(page.get_by_role("button", name="Take back")).to_be_visible()
    steering.advance(case.pk)
    page.clock.fast_forward(3_000)
    expect(page.locator(".crumbs")).to_contain_text("Answered")


def test_html_of_a_letter_can_do_nothing_in_its_frame(mail: Mail, alice: User, page: Page, live_server: LiveServer) -> None:
    html = "<p>Is 97140 ok?</p><script>parent.document.title='owned'</script><img src='/health'>"
    case = mail(letter(html).replace(b"text/plain", b"text/html"))
    sign_in(page, alice)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/case/{case.pk}")
    page.locator(".letter summary", has_text="As HTML").click()
    expect(page.frame_locator(".letter iframe").locator("p")).to_have_text("Is 97140 ok?")
    assert "owned" not in page.title()
    assert not [url for url in asked if url.endswith("/health")]
    assert all(url.startswith(live_server.url) for url in asked)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("light", ["light", "dark"])
def test_no_page_is_wider_than_its_window(width: int, light: str, mail: Mail, erin: User, page: Page) -> None:
    case = mail(subject="unbroken" * 40, text="word" * 400 + " is 97140 ok with 97530?")
    review.approve(case, erin, version=1, letters=1)
    steering.advance(case.pk)
    other = mail(letter(message_id="<q2@x>", sender="Otto <otto@clinic.example>"), mail_from="otto@clinic.example")
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=light)  # type: ignore[arg-type]
    sign_in(page, erin)
    reply = case.replies.get().pk
    places = ["/queue?show=all", f"/case/{case.pk}", f"/case/{other.pk}", "/outbox", f"/outbox/{reply}", "/lookup?q=N39.3"]
    for place in [*places, "/house", "/trail", f"/trail/{case.pk}", "/mine", "/password"]:
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place


def test_the_desk_works_without_javascript(mail: Mail, alice: User, browser: Browser, live_server: LiveServer) -> None:
    case = mail(subject="plain and old")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, alice)
    page.get_by_role("link", name="plain and old").click()
    page.locator("#decline summary").click()
    page.get_by_label("Why won’t we answer this?").fill("Not about coding.")
    page.locator("#decline button").click()
    expect(page.get_by_role("status")).to_contain_text("declined")
    context.close()
    case.refresh_from_db()
    assert case.status == Status.APPROVED  # the letter that tells the sender is about to leave


def test_colours_are_told_apart_in_both_lights(alice: User, page: Page) -> None:
    """WCAG AA: text has 4.5 times the luminance of what it stands on, or the other way round."""
    grounds = {
        "--bg": "ink quiet accent",
        "--surface": "quiet accent bad",
        "--accent": "on-accent",
        "--accent-soft": "accent",
        "--bad-soft": "bad",
        "--warn-soft": "warn",
        "--done-soft": "done",
        "--mark-fact": "ink quiet",
        "--mark-code": "ink",
    }
    pairs = [(f"--{text}", ground) for ground, texts in grounds.items() for text in texts.split()]
    script = "name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
    for light in ("light", "dark"):
        page.emulate_media(color_scheme=light)  # type: ignore[arg-type]
        page.goto("/sign-in")
        for one, other in pairs:
            values = [page.evaluate(script, name) for name in (one, other)]
            assert contrast(*values) >= 4.5, (light, one, other, contrast(*values))


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
