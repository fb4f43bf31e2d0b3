"""Letters encrypted at rest, exports masked, old cases purged: and the trail verifies through all of it.

Alice and Bob review, Dora audits, Erin is the admin.
"""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import worker
from consultant import audit, checks, export, keeping, review, sealed, steering
from consultant.lifecycle import NotAllowed
from consultant.models import Acknowledgement, Case, Draft, Event, Letter, Reply
from consultant.vocabulary import Status
from tests.conftest import letter, sent_files

Mail = Callable[..., Case]
pytestmark = pytest.mark.django_db(transaction=True)

ASKED = "Patient: Harold Jenkins, DOB 03/14/1951. 80 minutes of critical care on 11/02/2026. What do we report?"


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stored(table: str, column: str) -> list[bytes]:
    """What stands on the disk, not what Django makes of it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM consultant_{table} ORDER BY id")
        return [value.encode() if isinstance(value, str) else bytes(value) for (value,) in cursor.fetchall() if value is not None]


def whole() -> bool:
    return [problem for case in Case.objects.all() for problem in audit.verify(case)] == []


@pytest.fixture
def keys(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "letter.keys"
    path.write_text(f"# of this test\n{Fernet.generate_key().decode()}\n")
    settings.LETTER_KEY_FILE = str(path)  # type: ignore[attr-defined]
    return path


def answered(case: Case, user: User) -> Case:
    review.approve(case, user, version=1, letters=1)
    Reply.objects.filter(case=case).update(leaves_at=None)
    Case.objects.filter(pk=case.pk).update(retry_after=None)
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.SENT
    return case


def aged(case: Case, days: int = 100) -> Case:
    Case.objects.filter(pk=case.pk).update(changed_at=timezone.now() - timedelta(days=days))
    case.refresh_from_db()
    return case


# --- encrypted at rest ------------------------------------------------------------------------------------------------


def test_with_a_key_nothing_of_a_letter_stands_on_the_disk_in_the_clear(keys: Path, mail: Mail, alice: User) -> None:
    case = answered(mail(text=ASKED), alice)
    for table, column in (("letter", "raw"), ("reply", "raw"), ("reply", "text"), ("draft", "text"), ("draft", "html")):
        values = stored(table, column)
        assert values, (table, column)
        assert all(value.startswith(sealed.SEALED) for value in values), (table, column)
    assert b"Jenkins" in bytes(case.letters.get().raw)
    assert whole()


def test_without_a_key_it_works_as_ever(mail: Mail) -> None:
    case = mail(text=ASKED)
    assert stored("letter", "raw") == [bytes(case.letters.get().raw)]


@pytest.mark.parametrize("start", [sealed.SEALED, sealed.PLAIN])
def test_a_letter_can_not_pass_itself_off_as_sealed(start: bytes, mail: Mail) -> None:
    raw = start + b" x\r\n" + letter()
    case = mail(raw)
    assert bytes(Letter.objects.get(case=case).raw) == raw
    assert whole()


def test_a_new_key_seals_all_anew_and_the_old_one_can_go(keys: Path, mail: Mail, alice: User) -> None:
    answered(mail(text=ASKED), alice)
    before = stored("letter", "raw") + stored("draft", "text")
    assert "sealed with the first of 2 key(s)" in said("rekey", "--new-key")
    assert not set(before) & set(stored("letter", "raw") + stored("draft", "text"))
    keys.write_text("\n".join(sealed.keys_in(keys.read_text())[:1]) + "\n")
    assert whole()
    keys.write_text(Fernet.generate_key().decode())
    with pytest.raises(sealed.NoKey, match="None of the keys"):
        Letter.objects.get()


def test_letters_from_before_the_key_are_sealed_by_rekey(mail: Mail, settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    mail(text=ASKED)
    assert b"Jenkins" in stored("letter", "raw")[0]
    with pytest.raises(CommandError, match="No key file"):
        said("rekey")
    settings.LETTER_KEY_FILE = str(tmp_path / "made.keys")  # type: ignore[attr-defined]
    said("rekey", "--new-key")
    assert (tmp_path / "made.keys").stat().st_mode & 0o077 == 0
    assert stored("letter", "raw")[0].startswith(sealed.SEALED)
    assert whole()


def test_the_database_lets_a_letter_be_sealed_or_emptied_and_nothing_else(mail: Mail) -> None:
    mail(text=ASKED)
    for change in ("raw = CAST('forged' AS BLOB)", "sha256 = 'x'", "identity = 'x'"):
        with pytest.raises(DatabaseError, match="kept as it came"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE consultant_letter SET {change}")


def test_the_check_warns_where_real_letters_are_kept_in_the_clear(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    assert checks.check_keeping() == []
    settings.RELAY_URL = "smtps://relay.example"  # type: ignore[attr-defined]
    assert [found.id for found in checks.check_keeping()] == ["consultant.W010"]
    settings.LETTER_KEY_FILE = str(tmp_path / "missing.keys")  # type: ignore[attr-defined]
    assert [found.id for found in checks.check_keeping()] == ["consultant.E010"]
    (tmp_path / "missing.keys").write_text(Fernet.generate_key().decode())
    assert checks.check_keeping() == []


# --- exports ----------------------------------------------------------------------------------------------------------


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_export_is_masked_and_names_the_bytes_it_leaves_out(mail: Mail, alice: User, dora: User) -> None:
    case = answered(mail(text=ASKED, subject="Harold Jenkins again"), alice)
    files = files_of(client_of(dora).get(reverse("export", args=[case.pk])).content)
    assert [name for name, data in files.items() if b"Jenkins" in data or b"03/14/1951" in data] == []
    row = case.letters.get()
    assert json.loads(files[f"letters/{row.pk}.json"])["sha256"] == row.sha256
    assert json.loads(files["manifest.json"])["patients_data"] == "masked"


def test_an_admin_may_take_it_unmasked_and_the_trail_says_so(
    mail: Mail, alice: User, dora: User, erin: User, tmp_path: Path
) -> None:
    case = mail(text=ASKED)
    place = reverse("export-revealed", args=[case.pk])
    assert [client_of(user).post(place).status_code for user in (alice, dora)] == [403, 403]
    assert Client().post(place).status_code == 302
    files = files_of(client_of(erin).post(place).content)
    assert files[f"letters/{case.letters.get().pk}.eml"] == bytes(case.letters.get().raw)
    event = audit.trail(case)[-1]
    assert (event.kind, event.actor, event.facts) == ("exported", f"user:{erin.username}", {"revealed": True})

    out = ["--out", str(tmp_path / "x.zip")]
    assert "masked" in said("audit", "export", case.number, *out)
    with pytest.raises(CommandError, match="name of an admin"):
        said("audit", "export", case.number, *out, "--reveal", "--by", alice.username)
    said("audit", "export", case.number, *out, "--reveal", "--by", erin.username)
    assert Event.objects.filter(case=case, kind="exported").count() == 2
    assert whole()


# --- the purge --------------------------------------------------------------------------------------------------------


def test_a_purge_takes_the_words_and_leaves_the_skeleton(mail: Mail, alice: User, outbox: Path) -> None:
    case = aged(answered(mail(text=ASKED), alice))
    before = [event.digest for event in audit.trail(case)]
    assert sent_files(outbox)
    assert said("purge", "--days", "90").startswith("1 case(s) purged")
    assert sent_files(outbox) == []
    case.refresh_from_db()
    assert (case.sender_name, case.sender_email, case.subject, case.findings) == ("", "", "", None)
    assert case.purged_at
    left = [*Letter.objects.values_list("raw", "mail_from"), *Draft.objects.values_list("subject", "text", "html")]
    left += [*Reply.objects.values_list("subject", "text", "html"), *Acknowledgement.objects.values_list("trouble")]
    assert {bytes(value) if not isinstance(value, str) else value for row in left for value in row} == {b"", ""}
    row, events = case.letters.get(), audit.trail(case)
    assert (row.sha256 in events[-1].facts["letters"], row.size > 0, case.status) == (True, True, Status.SENT)
    assert [event.digest for event in events[:-1]] == before
    assert audit.verify(case) == []
    assert said("audit", "verify").endswith("every trail is whole.\n")
    files = files_of(export.masked(case))
    assert json.loads(files["manifest.json"])["problems"] == []


def test_words_that_are_gone_without_a_purge_show(mail: Mail, alice: User) -> None:
    case = answered(mail(text=ASKED), alice)
    Letter.objects.filter(case=case).update(raw=b"")
    assert "are not the ones that came in" in audit.verify(case)[0]
    Case.objects.filter(pk=case.pk).update(purged_at=timezone.now())
    assert "no event says" in audit.verify(Case.objects.get(pk=case.pk))[0]


def test_the_page_of_a_purged_case_says_so_and_nobody_can_move_it(mail: Mail, alice: User, bob: User, dora: User) -> None:
    case = aged(answered(mail(text=ASKED), alice))
    keeping.purge(case, "engine")
    for user in (bob, dora):
        page = client_of(user).get(reverse("case", args=[case.pk])).content.decode()
        assert "Purged on" in page
        assert "maria@clinic.example" not in page
    for name in ("queue", "trail", "outbox"):
        assert client_of(bob if name != "trail" else dora).get(reverse(name)).status_code == 200
    assert client_of(bob).get(reverse("reply", args=[case.replies.get().pk])).status_code == 200
    case.refresh_from_db()
    with pytest.raises(NotAllowed, match="was purged"):
        steering.move(case, Status.ACCEPTED, "operator")


def test_only_closed_cases_past_their_time_are_due(mail: Mail, alice: User) -> None:
    sent = aged(answered(mail(text=ASKED), alice), days=100)
    waits = aged(mail(letter(message_id="<w@x>", sender="Wu <wu@other.example>"), mail_from="wu@other.example"), days=100)
    assert list(keeping.due(days=90)) == [sent]
    assert list(keeping.due(days=101)) == []
    assert list(keeping.due()) == []  # no retention is set
    assert sent.number in said("purge", "--days", "90", "--dry-run")
    with pytest.raises(CommandError, match="No retention"):
        said("purge")
    with pytest.raises(NotAllowed, match="drafted"):
        keeping.purge(waits, "engine")
    assert Case.objects.filter(purged_at=None).count() == 2


def test_a_legal_hold_stops_the_purge_until_it_is_lifted(mail: Mail, alice: User, bob: User, dora: User) -> None:
    case = aged(answered(mail(text=ASKED), alice))
    place, lift = reverse("act", args=[case.pk, "hold"]), reverse("act", args=[case.pk, "lift-hold"])
    assert client_of(dora).post(place, {"why": "x"}).status_code == 403
    assert client_of(bob).post(place, {"why": ""}).status_code == 409
    assert client_of(bob).post(place, {"why": "Letter of the court about Harold Jenkins"}).status_code == 302
    assert "Legal hold." in client_of(dora).get(reverse("case", args=[case.pk])).content.decode()
    assert keeping.purge_all(days=90) == 0
    assert keeping.purge_all(days=90) == 0
    assert "Jenkins" not in str(audit.trail(case)[-1].facts)
    assert client_of(bob).post(lift, {"why": "It is over."}).status_code == 302
    assert keeping.purge_all(days=90) == 1
    assert whole()


def test_a_joined_letter_goes_with_its_case_and_a_hold_on_it_keeps_both(mail: Mail, alice: User) -> None:
    case = answered(mail(text=ASKED), alice)
    more = mail(letter("And with 30 minutes more?", message_id="<q2@x>", In_Reply_To="<q1@clinic.example>"))
    assert more.status == Status.JOINED
    steering.advance(case.pk)
    case.refresh_from_db()
    review.decline(case, alice, version=2, letters=2, reason="Enough.", tell=False)
    aged(case)
    keeping.hold(more, alice, on=True, why="a claim")
    assert keeping.purge_all(days=90) == 0
    keeping.hold(more, alice, on=False, why="settled")
    assert keeping.purge_all(days=90) == 1
    assert Case.objects.filter(purged_at=None).count() == 0
    assert whole()


def test_who_writes_again_after_a_purge_opens_a_new_case(mail: Mail, alice: User) -> None:
    case = aged(answered(mail(text=ASKED), alice))
    keeping.purge(case, "engine")
    again = mail(letter("And with 30 minutes more of critical care?", message_id="<q3@x>", In_Reply_To="<q1@clinic.example>"))
    assert again.status == Status.DRAFTED
    assert again.joined_to is None


def test_the_daily_task_purges_by_the_setting(mail: Mail, alice: User, settings: pytest.FixtureRequest) -> None:
    aged(answered(mail(text=ASKED), alice))
    worker.purge()
    assert Case.objects.filter(purged_at=None).count() == 1
    settings.RETENTION_DAYS = 90  # type: ignore[attr-defined]
    worker.purge()
    assert Case.objects.filter(purged_at=None).count() == 0


@pytest.mark.parametrize(("days", "tasks"), [("", "['sweep']"), ("365", "['purge', 'sweep']")])
def test_the_clock_has_a_purge_only_where_a_retention_is_set(days: str, tasks: str) -> None:
    look = "from consultant import settings; print(sorted(settings.CELERY_BEAT_SCHEDULE))"
    env = os.environ | {"CONSULTANT_RETENTION_DAYS": days}
    done = subprocess.run([sys.executable, "-c", look], env=env, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == tasks
