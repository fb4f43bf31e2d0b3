"""Who may see and do what: every address, for Alice (reviewer), Charlie (asker), Dora (auditor), Erin (admin) and a stranger."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from consultant import appeals, audit, review, steering
from consultant.models import Case, Event, Proposal
from consultant.vocabulary import Status
from consultant.web import roles
from consultant.web.urls import urlpatterns
from tests.conftest import letter, person

Mail = Callable[..., Case]
pytestmark = pytest.mark.django_db(transaction=True)

EVERYBODY, DESK, AUDIT, ACT, ADMIN = "ACDE", "ADE", "DE", "AE", "E"

#: Address name → who may, for all addresses that need somebody signed in. A: Alice, C: Charlie, D: Dora, E: Erin.
MAY = {
    "home": EVERYBODY,
    "new-password": EVERYBODY,
    "lookup": EVERYBODY,
    "mine": EVERYBODY,
    "mine-case": "",  # the case is Maria's, who has no account: nobody else's "mine"
    "queue": DESK,
    "case": DESK,
    "pulse": DESK,
    "draft": DESK,
    "draft-html": DESK,
    "letter-html": DESK,
    "letter-raw": ACT,
    "attachment": ACT,
    "reveal": ACT,
    "outbox": DESK,
    "reply": DESK,
    "reply-html": DESK,
    "reply-raw": ACT,
    "house": DESK,
    "propose": ACT,
    "proposals": DESK,
    "proposal": DESK,
    "decide": ACT,
    "switch": ACT,
    "act": ACT,
    "sorting": DESK,
    "unblock": ACT,
    "trail": AUDIT,
    "verify-all": AUDIT,
    "trail-case": AUDIT,
    "verify": AUDIT,
    "export": AUDIT,
    "export-revealed": ADMIN,
    "admin:index": ADMIN,
    "admin:auth_user_changelist": ADMIN,
    "admin:auth_user_add": ADMIN,
    "admin:auth_group_changelist": ADMIN,
    "admin:axes_accessattempt_changelist": ADMIN,
}
OPEN = {"icon", "sign-in", "sign-out", "health"}
POSTED = {
    "act",
    "decide",
    "switch",
    "unblock",
    "verify",
    "verify-all",
    "reveal",
    "letter-raw",
    "attachment",
    "reply-raw",
    "export-revealed",
}


@pytest.fixture
def addresses(mail: Mail, alice: User) -> dict[str, str]:
    """Every address, pointing at a case that was answered and one that waits."""
    mixed = letter().replace(b"Content-Type: text/plain; charset=utf-8", b"Content-Type: multipart/mixed; boundary=x")
    body = b"\r\n--x\r\nContent-Type: text/plain\r\n\r\nIs 97140 billable with 97530?\r\n"
    body += b"--x\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=note.html\r\n\r\n"
    body += b"<script>alert(1)</script>\r\n--x--\r\n"
    case = mail(mixed.split(b"\r\n\r\n")[0] + b"\r\n" + body)
    review.approve(case, alice, version=1, letters=1)
    steering.advance(case.pk)
    case.refresh_from_db()
    reply = case.replies.get()
    proposal = Proposal.objects.create(case=case, author=alice, text="id = 'house-1'", created_at=timezone.now())
    of_case, of_reply = {"case_id": case.pk}, {"reply_id": reply.pk}
    of_letter = {**of_case, "letter_id": case.letters.get().pk}
    places = {
        **dict.fromkeys(("case", "reveal", "pulse", "mine-case", "trail-case", "verify", "export", "export-revealed"), of_case),
        **dict.fromkeys(("reply", "reply-html", "reply-raw"), of_reply),
        **{name: {**of_case, "version": 1} for name in ("draft", "draft-html")},
        **dict.fromkeys(("letter-html", "letter-raw"), of_letter),
        "attachment": {**of_letter, "place": 0},
        "act": {**of_case, "deed": "release"},
        "propose": of_case,
        "proposal": {"proposal_id": proposal.pk},
        "decide": {"proposal_id": proposal.pk, "deed": "decline"},
        "unblock": {"block_id": appeals.block(case, alice, whole_domain=False, why="writes too much").pk},
    }
    return {name: reverse(name, kwargs=places.get(name)) for name in MAY}


@pytest.fixture
def people(alice: User, charlie: User, dora: User, erin: User) -> dict[str, User]:
    return {"A": alice, "C": charlie, "D": dora, "E": erin}


def ask(client: Client, name: str, address: str) -> int:
    follow = name.startswith("admin:")  # by its own way to our door
    return (client.post(address) if name in POSTED else client.get(address, follow=follow)).status_code


def test_every_address_is_in_this_test() -> None:
    mine = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert mine == {name for name in MAY if not name.startswith("admin:")} | OPEN
    assert [str(part.pattern) for part in urlpatterns if isinstance(part, URLResolver)] == ["admin/"]


def test_everybody_gets_what_the_role_allows_and_403_for_the_rest(addresses: dict[str, str], people: dict[str, User]) -> None:
    wrong = []
    for letter_of, user in people.items():
        for name, address in addresses.items():
            client = Client()
            client.force_login(user)
            status = ask(client, name, address)
            allowed = letter_of in MAY[name]
            fine = status < 400 or (name in {"act", "decide"} and status == 409) if allowed else status in {403, 404}
            if not fine:
                wrong.append((user.first_name, name, status))
    assert wrong == []


def test_a_stranger_is_sent_to_the_sign_in_page_from_everywhere(addresses: dict[str, str]) -> None:
    wrong = []
    for name, address in addresses.items():
        response = Client().post(address, follow=True) if name in POSTED else Client().get(address, follow=True)
        if not response.redirect_chain or not response.redirect_chain[-1][0].startswith("/sign-in"):
            wrong.append((name, response.status_code))
    assert wrong == []


def test_an_auditor_who_is_a_reviewer_too_still_cannot_act(mail: Mail) -> None:
    case = mail()
    client = Client()
    client.force_login(person("fay", "reviewer", "auditor"))
    for deed in ("claim", "approve", "edit", "ask", "decline", "hand-over", "retry", "answer-anyway"):
        assert client.post(reverse("act", args=[case.pk, deed]), {"version": 1, "letters": 1}).status_code == 403
    case.refresh_from_db()
    assert case.status == Status.DRAFTED
    assert case.holder is None


def test_someone_without_a_role_sees_no_case(mail: Mail) -> None:
    case = mail()
    client = Client()
    client.force_login(person("gus"))
    assert client.get(reverse("case", args=[case.pk])).status_code == 403
    assert client.get(reverse("queue")).status_code == 403
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/mine"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in() -> None:
    response = Client().get("/queue", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/queue?show=all"})
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/sign-in?next=/queue%3Fshow%3Dall"


def test_no_page_with_a_case_is_kept_by_any_cache(addresses: dict[str, str], erin: User) -> None:
    client = Client()
    client.force_login(erin)
    for name in ("queue", "case", "letter-raw", "attachment", "reply", "trail-case", "export", "mine"):
        response = client.post(addresses[name]) if name in POSTED else client.get(addresses[name])
        assert "no-store" in response["Cache-Control"], name


# --- signing in -------------------------------------------------------------------------------------------------------


def sign_in(client: Client, name: str, password: str, **more: str) -> object:
    return client.post("/sign-in", {"username": name, "password": password, **more}, follow=True)


@pytest.mark.parametrize(("who", "place"), [("alice", "/queue"), ("charlie", "/mine"), ("dora", "/trail"), ("erin", "/queue")])
def test_everybody_begins_where_their_work_is(who: str, place: str, request: pytest.FixtureRequest, client: Client) -> None:
    user = request.getfixturevalue(who)
    response = sign_in(client, user.username, "correct horse battery")
    assert response.redirect_chain[-1][0] == place  # type: ignore[attr-defined]


def test_a_wrong_password_says_so_and_five_of_them_make_a_pause(alice: User, client: Client) -> None:
    for _ in range(4):
        assert "don’t belong together" in sign_in(client, alice.username, "wrong").content.decode()  # type: ignore[attr-defined]
    locked = sign_in(client, alice.username, "wrong")
    assert locked.status_code == 429  # type: ignore[attr-defined]
    assert "rests for 15 minutes" in locked.content.decode()  # type: ignore[attr-defined]
    assert sign_in(client, alice.username, "correct horse battery").status_code == 429  # type: ignore[attr-defined]


def test_the_sign_in_page_sends_nobody_to_a_foreign_site(alice: User, client: Client) -> None:
    response = sign_in(client, alice.username, "correct horse battery", next="https://evil.example/")
    assert response.redirect_chain[-1][0] == "/queue"  # type: ignore[attr-defined]


def test_signing_out_needs_a_post_and_ends_the_session(alice: User, client: Client) -> None:
    client.force_login(alice)
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert client.get("/queue").status_code == 302


def test_a_form_without_its_token_is_refused_with_a_kind_page(alice: User, mail: Mail) -> None:
    case = mail()
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    response = client.post(reverse("act", args=[case.pk, "claim"]))
    assert response.status_code == 403
    assert "The page grew old" in response.content.decode()


# --- askers -----------------------------------------------------------------------------------------------------------


def test_charlie_follows_his_own_question_and_sees_nothing_of_others(
    mail: Mail, charlie: User, alice: User, client: Client
) -> None:
    mine = mail(
        letter(sender="Charlie <Charlie@Consultant.example>", message_id="<c1@x>", subject="my own"), mail_from=charlie.email
    )
    other = mail(letter(subject="not for Charlie"), mail_from="maria@clinic.example")
    client.force_login(charlie)
    page = client.get("/mine").content.decode()
    assert "my own" in page
    assert "With a reviewer" in page
    assert "not for Charlie" not in page
    assert client.get(reverse("mine-case", args=[other.pk])).status_code == 404
    draft = mine.drafts.get()
    assert draft.text[:200] not in client.get(reverse("mine-case", args=[mine.pk])).content.decode()
    review.approve(mine, alice, version=1, letters=1)
    steering.advance(mine.pk)
    page = client.get(reverse("mine-case", args=[mine.pk])).content.decode()
    assert "Answered." in page
    assert "90912" in page


def test_someone_without_a_mail_address_has_no_questions(mail: Mail, client: Client) -> None:
    mail(letter(sender="nobody"), mail_from="")
    nameless = person("hal", "asker")
    nameless.email = ""
    nameless.save()
    client.force_login(nameless)
    assert "has no mail address" in client.get("/mine").content.decode()


# --- auditors and admins ----------------------------------------------------------------------------------------------


def test_dora_verifies_one_and_all_and_takes_the_export(mail: Mail, dora: User, client: Client) -> None:
    case = mail()
    client.force_login(dora)
    assert "The trail is whole" in client.post(reverse("verify", args=[case.pk])).content.decode()
    assert "The trail is whole" in client.post(reverse("verify-all")).content.decode()
    export = client.get(reverse("export", args=[case.pk]))
    assert export["Content-Type"] == "application/zip"
    assert export["Content-Disposition"] == f'attachment; filename="{case.number}.zip"'
    assert export.content[:2] == b"PK"


def test_dora_reads_which_event_is_wrong(mail: Mail, dora: User, client: Client) -> None:
    case = mail()
    Case.objects.filter(pk=case.pk).update(status=Status.SENT)
    client.force_login(dora)
    page = client.post(reverse("verify-all"), {"status": "sent"}).content.decode()
    assert "1 problem in 1 case" in page
    assert "the trail ends in “drafted”, but the case says “sent”" in page


def test_the_trail_page_filters_by_day_and_status(mail: Mail, dora: User, client: Client) -> None:
    case = mail(subject="on the list")
    client.force_login(dora)
    day = f"{case.created_at:%Y}-01-01"
    assert "on the list" in client.get("/trail", {"since": day, "status": "drafted"}).content.decode()
    assert "on the list" not in client.get("/trail", {"until": day}).content.decode()
    assert "on the list" not in client.get("/trail", {"status": "sent"}).content.decode()
    assert client.get("/trail", {"since": "yesterday", "status": "x", "page": "none"}).status_code == 200


def test_erin_makes_a_reviewer_and_nobody_is_deleted(erin: User, alice: User, client: Client) -> None:
    client.force_login(erin)
    form = {
        "username": "ivy@consultant.example",
        "usable_password": "true",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
    }
    assert client.post("/admin/auth/user/add/", form).status_code == 302
    ivy = User.objects.get(username="ivy@consultant.example")
    assert roles.roles_of(ivy) == frozenset()
    group = roles.REVIEWER
    assert client.get(f"/admin/auth/user/{ivy.pk}/change/").status_code == 200
    ivy.groups.add(alice.groups.get(name=group))
    assert roles.may_act(User.objects.get(pk=ivy.pk))
    assert client.post(f"/admin/auth/user/{ivy.pk}/delete/").status_code == 403


def test_the_four_groups_exist_after_migrating() -> None:
    from django.contrib.auth.models import Group

    assert set(roles.ROLES) <= set(Group.objects.values_list("name", flat=True)) or not Group.objects.exists()


def test_reading_pages_leaves_no_event(addresses: dict[str, str], dora: User, client: Client) -> None:
    client.force_login(dora)
    before = Event.objects.count()
    for name, address in addresses.items():
        ask(client, name, address)
    assert Event.objects.count() == before
    assert [problem for case in Case.objects.all() for problem in audit.verify(case)] == []


# --- pages about trouble ----------------------------------------------------------------------------------------------


def test_what_is_not_there_gets_a_page_of_its_own(alice: User, client: Client) -> None:
    client.force_login(alice)
    for address in ("/nothing", "/case/999999", "/case/99999999999999999999999", "/outbox/7", "/case/1/do/explode"):
        response = client.get(address)
        assert response.status_code in {404, 405}, address
    assert "There is no such page" in client.get("/nothing").content.decode()


def test_our_own_mistake_gets_a_page_too(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("consultant.web.desk.tabs", broken)
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    response = client.get("/queue")
    assert response.status_code == 500
    assert "No letter is lost by it" in response.content.decode()
    assert "boom" not in response.content.decode()


def test_no_page_holds_an_inline_script_or_style(addresses: dict[str, str], erin: User, client: Client) -> None:
    client.force_login(erin)
    for name in ("queue", "case", "draft", "outbox", "reply", "trail", "trail-case", "lookup", "mine", "new-password"):
        response = client.get(addresses[name])
        page = response.content.decode()
        assert " style=" not in page, name
        assert "<style" not in page, name
        assert " onclick=" not in page, name
        assert page.count("<script") == page.count("<script src="), name
        assert "unsafe-inline" not in response["Content-Security-Policy"]


# --- the codebook -----------------------------------------------------------------------------------------------------


def test_charlie_looks_up_a_code_and_words(charlie: User, book: object, client: Client) -> None:
    client.force_login(charlie)
    page = client.get("/lookup", {"q": "n393"}).content.decode()
    assert "Stress incontinence" in page
    assert "Excludes1" in page
    assert "90912" in client.get("/lookup", {"q": "pelvic floor biofeedback"}).content.decode()
    assert "Nothing found" in client.get("/lookup", {"q": "qqqqq zzzz"}).content.decode()
    part = client.get("/lookup", {"q": "90912"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "90913" in part


def test_a_missing_codebook_is_a_sentence(
    charlie: User, client: Client, settings: pytest.FixtureRequest, tmp_path: object
) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    client.force_login(charlie)
    response = client.get("/lookup", {"q": "90912"})
    assert response.status_code == 200
    assert "consultant codebook build" in response.content.decode()
