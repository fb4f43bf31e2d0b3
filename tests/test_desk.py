"""The desk: the queue, a case, and what a reviewer does with it. Alice and Bob review."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from consultant import audit, lifecycle, review, steering
from consultant.models import Case
from consultant.vocabulary import Status
from consultant.web import sandbox, shown, told
from tests.conftest import letter, sent_files

Mail = Callable[..., Case]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_desk(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def at_bobs_desk(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


def do(client: Client, case: Case, deed: str, **typed: object) -> HttpResponse:
    """Press a button of the page as it stands now."""
    page = {"version": case.drafts.count(), "letters": 1}
    response = client.post(reverse("act", args=[case.pk, deed]), page | typed)
    case.refresh_from_db()
    return response  # type: ignore[return-value]


def page_of(client: Client, case: Case) -> str:
    response = client.get(reverse("case", args=[case.pk]))
    assert response.status_code == 200
    return response.content.decode()


def queue(client: Client, **asked: str) -> str:
    response = client.get("/queue", asked, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return response.content.decode()


def put(status: Status, mail: Mail, trouble: str = "", **kind: str) -> Case:
    """A case in a place that takes bad luck to reach, by the moves that lead there."""
    case = mail(**kind)
    way = {
        Status.FAILED: (Status.APPROVED, Status.SENDING, Status.FAILED),
        Status.UNKNOWN: (Status.APPROVED, Status.SENDING, Status.UNKNOWN),
    }[status]
    if way[0] == Status.APPROVED:
        review.approve(case, User.objects.get(first_name="Alice"), version=1, letters=1)
    for step in way[1:]:
        lifecycle.move(case, step, "engine", sets={"trouble": trouble} if step == status else None)
    return case


# --- the queue --------------------------------------------------------------------------------------------------------


def test_an_empty_queue_says_something_kind(at_desk: Client) -> None:
    page = at_desk.get("/queue").content.decode()
    assert "All caught up" in page
    assert "coding@consultant.example" in page


def test_alice_sees_what_waits_with_number_sender_topic_and_confidence(mail: Mail, at_desk: Client) -> None:
    case = mail(subject="biofeedback, first 15 minutes")
    page = at_desk.get("/queue").content.decode()
    for words in (case.number, "biofeedback, first 15 minutes", "Maria Ortega", shown.TOPICS[case.topic], "sure"):
        assert words in page
    assert 'Waiting <span class="count">1</span>' in page


def test_a_case_that_the_engine_abstains_from_says_so(mail: Mail, at_desk: Client) -> None:
    case = mail(text="Hello, thank you for your help last week. Have a nice day.", subject="thanks")
    Case.objects.filter(pk=case.pk).update(answered=False, confidence=0.1)
    assert "abstains" in queue(at_desk)
    assert "thanks" in queue(at_desk, low="1")


@pytest.mark.parametrize(
    "words",
    ["C-00001", "1", "critical CARE", "maria@clinic", "Ortega", "90912", "pelvic floor"],
    ids=lambda words: words.replace(" ", "_"),
)
def test_search_finds_by_number_subject_sender_code_and_words(words: str, mail: Mail, at_desk: Client) -> None:
    case = mail(subject="critical care")
    asked = {"C-00001": case.number, "1": str(case.pk)}.get(words, words)
    assert case.number in queue(at_desk, q=asked)
    assert "Nothing like that" in queue(at_desk, q="no such words at all")


def test_a_code_among_the_findings_is_found_though_nobody_wrote_it(mail: Mail, at_desk: Client) -> None:
    case = mail(text="Which code is biofeedback for the pelvic floor?")
    codes = [candidate["code"] for candidate in case.findings["candidates"]]
    assert "90912" in codes
    case.drafts.update(text="-")
    assert case.number in queue(at_desk, q="90912")
    assert case.number not in queue(at_desk, q="90911")


def test_filters_by_status_topic_and_holder(mail: Mail, at_desk: Client, at_bobs_desk: Client) -> None:
    case = mail()
    robot = mail(
        letter(subject="Out of office", message_id="<r@x>", Auto_Submitted="auto-replied"), mail_from="robot@clinic.example"
    )
    assert robot.number in queue(at_desk, show="aside")
    assert case.number not in queue(at_desk, show="aside")
    assert case.number in queue(at_desk, show="all")
    assert case.number in queue(at_desk, topic=case.topic)
    assert case.number not in queue(at_desk, topic="payment" if case.topic != "payment" else "coverage")
    assert case.number in queue(at_desk, whose="free")
    do(at_desk, case, "claim")
    assert case.number in queue(at_desk, whose="mine")
    assert case.number not in queue(at_desk, whose="free")
    assert case.number not in queue(at_bobs_desk, whose="mine")
    assert "Alice" in queue(at_bobs_desk)


def test_pages_of_25_and_nonsense_in_the_address_is_harmless(mail: Mail, at_desk: Client) -> None:
    case = mail()
    for number in range(26):
        other = Case(status=Status.DRAFTED, subject=f"made up {number:02}")
        lifecycle.begin(other, "test")
    first, second = queue(at_desk), queue(at_desk, page="2")
    assert first.count('id="case-') == 25
    assert second.count('id="case-') == 2
    assert case.number in first
    for asked in ({"page": "x"}, {"page": "99"}, {"show": "x", "topic": "x", "whose": "x"}, {"q": "\x00' OR 1=1 --"}, {"q": "%"}):
        assert at_desk.get("/queue", asked).status_code == 200


def test_trouble_stands_in_the_queue_in_a_sentence(mail: Mail, at_desk: Client) -> None:
    put(Status.FAILED, mail, "The relay did not take it: 550 no such user")
    assert "550 no such user" in queue(at_desk)
    assert "550 no such user" in queue(at_desk, show="trouble")


# --- the case page ----------------------------------------------------------------------------------------------------


def test_the_page_shows_letter_draft_evidence_sources_and_trail(mail: Mail, at_desk: Client) -> None:
    case = mail()
    page = page_of(at_desk, case)
    answer = case.drafts.get().answer
    for words in (
        "pelvic floor biofeedback",
        "90912",
        "90913",
        answer["verdict"],
        "Evidence per code",
        "Sources",
        "Not checked",
        "wrote draft 1",
    ):
        assert words in page, words
    assert '<mark class="fact" title="minutes: 15">15 minutes</mark>' in page
    assert answer["sources"][0]["title"] in page


def test_what_a_sender_writes_is_never_html_of_ours(mail: Mail, at_desk: Client) -> None:
    nasty = "<script>alert(1)</script> is 97140 ok? <img src=x onerror=alert(2)>"
    case = mail(text=nasty, subject="<b>bold</b>", sender='"<i>Eve</i>" <eve@clinic.example>')
    for page in (page_of(at_desk, case), queue(at_desk)):
        assert "<script>alert" not in page
        assert "<b>bold" not in page
        assert "<i>Eve" not in page
        assert "<img src=x" not in page


def test_marks_of_a_patient_are_underlined_and_a_draft_that_repeats_them_is_named(mail: Mail, at_desk: Client) -> None:
    case = mail(text="Patient: Harold Jenkins, DOB 03/14/1951. He had 80 minutes of critical care. What do we report?")
    assert '<mark class="phi" title="name">[name]</mark>' in page_of(at_desk, case)
    revealed = at_desk.post(reverse("reveal", args=[case.pk])).content.decode()
    assert '<mark class="phi" title="name">Harold Jenkins</mark>' in revealed
    case.drafts.update(text="Dear Maria, about Harold Jenkins: …")
    page = page_of(at_desk, case)
    assert "This draft repeats what looks like a patient’s name." in page
    assert "Jenkins" not in page


def test_a_letters_html_comes_locked_in_without_pictures_or_scripts(mail: Mail, at_desk: Client) -> None:
    html = '<p onclick="x()">Is <b>97140</b> ok?<img src="http://spy.example/p.gif"><script>x()</script></p>'
    html += '<a href="javascript:x()">y</a><form action="/"><input></form>'
    case = mail(letter(html).replace(b"text/plain", b"text/html"))
    response = at_desk.get(reverse("letter-html", args=[case.pk, case.letters.get().pk]))
    body, policy = response.content.decode(), response["Content-Security-Policy"]
    assert policy.startswith("sandbox;")
    assert "default-src 'none'" in policy
    assert "<b>97140</b>" in body
    for bad in ("<img", "spy.example", "<script", "onclick", "javascript:", "<form", "<input"):
        assert bad not in body
    assert 'sandbox loading="lazy"' in page_of(at_desk, case)


def test_attachments_are_downloads_whatever_they_say_they_are(mail: Mail, at_desk: Client) -> None:
    raw = (
        letter()
        .replace(b"Content-Type: text/plain; charset=utf-8", b"Content-Type: multipart/mixed; boundary=x")
        .split(b"\r\n\r\n")[0]
    )
    raw += (
        b"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nIs 97140 ok?\r\n--x\r\nContent-Type: text/html\r\n"
        b'Content-Disposition: attachment; filename="../../evil.html"\r\n\r\n<script>alert(1)</script>\r\n--x--\r\n'
    )
    case = mail(raw)
    place = reverse("attachment", args=[case.pk, case.letters.get().pk, 0])
    assert place in page_of(at_desk, case)
    response = at_desk.post(place)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="evil.html"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"<script>" in response.content
    assert at_desk.post(place[:-1] + "7").status_code == 404


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b\\c.pdf", "c.pdf"),
        ("..", "attachment"),
        ("x\r\ny.txt", "x__y.txt"),
        ("", "attachment"),
        ("é\u202egpj.exe", "é_gpj.exe"),
        ("a" * 500, "a" * 120),
    ],
)
def test_a_file_name_is_one_name(name: str, safe: str) -> None:
    assert sandbox.file_name(name) == safe


def test_the_original_is_given_out_byte_for_byte(mail: Mail, at_desk: Client) -> None:
    raw = letter()
    case = mail(raw)
    assert at_desk.post(reverse("letter-raw", args=[case.pk, case.letters.get().pk])).content == raw


def test_a_letter_of_another_case_is_not_given_out_under_this_one(mail: Mail, at_desk: Client) -> None:
    one = mail()
    other = mail(letter(message_id="<o@x>", subject="other"), mail_from="other@clinic.example")
    assert at_desk.post(reverse("letter-raw", args=[one.pk, other.letters.get().pk])).status_code == 404


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_alice_approves_and_the_answer_leaves(mail: Mail, at_desk: Client, outbox: Path) -> None:
    case = mail()
    response = do(at_desk, case, "approve")
    assert response.status_code == 302
    assert response["Location"] == "/queue"
    assert case.status == Status.APPROVED
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.SENT
    assert len(sent_files(outbox)) == 1
    assert case.number in at_desk.get("/outbox").content.decode()
    assert "Message-ID" in at_desk.get(reverse("reply", args=[case.replies.get().pk])).content.decode()


def test_alice_edits_and_sends_her_own_words(mail: Mail, at_desk: Client, outbox: Path) -> None:
    case = mail()
    do(at_desk, case, "edit", text="Use 90912.\n\nAlice", subject="Re: a question", then="approve")
    assert case.status == Status.APPROVED
    steering.advance(case.pk)
    assert b"Use 90912." in sent_files(outbox)[0]
    comparison = at_desk.get(reverse("draft", args=[case.pk, 2])).content.decode()
    assert "Compared with the engine’s draft 1" in comparison
    assert '<div class="new"><span class="sign">+</span>Use 90912.</div>' in comparison


def test_an_edit_that_is_only_kept_sends_nothing(mail: Mail, at_desk: Client) -> None:
    case = mail()
    do(at_desk, case, "edit", text="Not yet.", then="keep")
    assert case.status == Status.DRAFTED
    assert "Draft 2" in page_of(at_desk, case)


def test_alice_asks_and_declines_with_a_reason(mail: Mail, at_desk: Client) -> None:
    case = mail()
    do(at_desk, case, "ask", question="How many minutes?")
    assert case.replies.get().kind == "question"
    do(at_desk, case, "take-back")
    assert case.status == Status.DRAFTED
    assert do(at_desk, case, "decline", reason=" ").status_code == 409
    do(at_desk, case, "decline", reason="Not about coding.")
    assert case.status == Status.DECLINED
    assert case.events.last().facts["told"] is False


def test_a_stale_page_is_told_so_with_409_and_keeps_what_was_typed(mail: Mail, at_desk: Client, at_bobs_desk: Client) -> None:
    case = mail()
    do(at_bobs_desk, case, "edit", text="Bob was faster.", then="keep")
    response = do(at_desk, case, "edit", version=1, text="An hour of Alice’s work.", then="approve")
    page = response.content.decode()
    assert response.status_code == 409
    assert "There is a newer draft" in page
    assert "An hour of Alice’s work." in page
    assert "Bob was faster." in page
    assert 'name="version" value="2"' in page
    assert case.status == Status.DRAFTED


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 40])
def test_a_version_that_is_no_number_is_a_stale_page(version: str, mail: Mail, at_desk: Client) -> None:
    assert do(at_desk, mail(), "approve", version=version).status_code == 409


def test_a_second_letter_makes_the_page_stale(mail: Mail, at_desk: Client) -> None:
    case = mail()
    mail(
        letter("And how many units?", message_id="<q2@clinic.example>", In_Reply_To="<q1@clinic.example>"),
        mail_from="maria2@clinic.example",
    )
    steering.advance(case.pk)
    case.refresh_from_db()
    response = do(at_desk, case, "approve", version=case.drafts.count(), letters=1)
    assert response.status_code == 409
    assert "wrote again" in response.content.decode()
    assert "2 letters" in page_of(at_desk, case)


def test_bob_cannot_decide_what_alice_holds_until_he_takes_it_over(mail: Mail, at_desk: Client, at_bobs_desk: Client) -> None:
    case = mail()
    do(at_desk, case, "claim")
    assert "Alice holds it until" in page_of(at_bobs_desk, case)
    response = do(at_bobs_desk, case, "approve")
    assert response.status_code == 409
    assert f"holds {case.number} until" in response.content.decode()
    assert do(at_bobs_desk, case, "claim").status_code == 409
    do(at_bobs_desk, case, "claim", take_over="1")
    assert "You hold it until" in page_of(at_bobs_desk, case)
    assert do(at_bobs_desk, case, "approve").status_code == 302


def test_alice_hands_over_to_bob_and_only_to_a_reviewer(
    mail: Mail, at_desk: Client, bob: User, charlie: User, dora: User
) -> None:
    case = mail()
    page = page_of(at_desk, case)
    assert ">Bob<" in page
    assert ">Charlie<" not in page
    assert ">Dora<" not in page
    for nobody in (charlie.pk, dora.pk, 99999, "x", ""):
        assert do(at_desk, case, "hand-over", to=nobody).status_code == 409
    do(at_desk, case, "hand-over", to=bob.pk, why="knows wounds")
    assert case.holder == bob
    assert "knows wounds" in page_of(at_desk, case)


def test_alice_claims_and_releases(mail: Mail, at_desk: Client) -> None:
    case = mail()
    do(at_desk, case, "claim")
    assert case.holder is not None
    do(at_desk, case, "release")
    assert case.holder is None


# --- when something went wrong ----------------------------------------------------------------------------------------


def test_a_delivery_in_doubt_is_explained_and_settled_by_a_human(mail: Mail, at_desk: Client, alice: User) -> None:
    case = put(Status.UNKNOWN, mail, "The work broke off while this was being sent.")
    page = page_of(at_desk, case)
    assert "may or may not have arrived" in page
    assert "In doubt" in at_desk.get("/outbox").content.decode()
    assert do(at_desk, case, "it-was-sent", how_known="").status_code == 409
    do(at_desk, case, "it-was-sent", how_known="the relay’s log says 250")
    assert case.status == Status.SENT


def test_a_failed_delivery_is_tried_again_or_taken_back_to_the_draft(mail: Mail, at_desk: Client, alice: User) -> None:
    case = put(Status.FAILED, mail, "The relay did not take it.")
    do(at_desk, case, "retry")
    assert case.status == Status.APPROVED
    do(at_desk, case, "take-back")
    assert case.status == Status.DRAFTED


def test_a_letter_set_aside_is_answered_anyway(mail: Mail, at_desk: Client) -> None:
    robot = mail(letter(Auto_Submitted="auto-replied"))
    assert "Treat it as a question" in page_of(at_desk, robot)
    do(at_desk, robot, "answer-anyway", why="a person wrote this")
    assert robot.status == Status.ACCEPTED
    assert "a person wrote this" in page_of(at_desk, robot)


def test_a_button_of_another_status_is_refused_with_a_sentence(mail: Mail, at_desk: Client) -> None:
    case = mail()
    for deed in ("take-back", "retry", "it-was-sent", "back-to-draft", "answer-anyway"):
        response = do(at_desk, case, deed, how_known="x")
        assert response.status_code == 409, deed
        assert "Not done." in response.content.decode()
    assert list(audit.verify(case)) == []


def test_an_open_page_learns_that_the_case_changed(mail: Mail, at_desk: Client) -> None:
    case = mail()
    pulse = reverse("pulse", args=[case.pk])
    assert "changed since" not in at_desk.get(pulse, {"seen": case.events_count}).content.decode()
    assert "changed since" in at_desk.get(pulse, {"seen": case.events_count - 1}).content.decode()
    assert at_desk.get(pulse, {"seen": case.events_count - 1, "moving": "1"})["HX-Refresh"] == "true"


def test_sending_switched_off_and_a_missing_relay_are_said(mail: Mail, at_desk: Client, settings: pytest.FixtureRequest) -> None:
    assert "No relay is configured" in at_desk.get("/outbox").content.decode()
    assert "Sending is switched off" not in at_desk.get("/queue").content.decode()
    settings.SENDING = False  # type: ignore[attr-defined]
    assert "Sending is switched off" in at_desk.get("/queue").content.decode()


# --- in words ---------------------------------------------------------------------------------------------------------


def test_soft_line_breaks_lose_no_letter_and_items_stay_items() -> None:
    text = "A line that is long enough to have been wrapped by us, surely,\nand goes on.\n\n"
    text += "- one item that is long enough to have been wrapped, yes\n  here\n- two\n"
    text += "> a quoted line that is long enough to have been wrapped by\n> somebody\n"
    pieces = shown.flowing(text)
    assert "".join(piece.text for piece in pieces).rstrip("\n") == text.rstrip("\n")
    assert [piece.text for piece in pieces if piece.kind == "soft"] == ["\n", "\n  "]


def test_a_difference_shows_what_came_and_went() -> None:
    lines = shown.difference("a\nb\nc", "a\nB\nc")
    assert [(line.kind, line.text) for line in lines] == [("same", "a"), ("gone", "b"), ("new", "B"), ("same", "c")]
    assert shown.difference("a", "a") == []
    assert [line.kind for line in shown.difference("x\n" + "s\n" * 20 + "y", "X\n" + "s\n" * 20 + "Y")].count("gap") == 1


def test_every_event_of_a_long_story_is_told_in_a_sentence(mail: Mail, at_desk: Client, bob: User, outbox: Path) -> None:
    case = mail()
    for deed, typed in (
        ("claim", {}),
        ("edit", {"text": "x", "then": "keep"}),
        ("hand-over", {"to": bob.pk}),
        ("claim", {"take_over": "1"}),
        ("approve", {}),
    ):
        do(at_desk, case, deed, **typed)
    steering.advance(case.pk)
    sentences = [told.tell(event).what for event in audit.trail(case)]
    assert len(sentences) == 11
    assert not [sentence for sentence in sentences if "→" in sentence or "{" in sentence]
