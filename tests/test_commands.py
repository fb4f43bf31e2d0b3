"""The operator's commands: what they print, and what they say when something is missing."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from consultant import export, review, steering
from consultant.models import Case
from consultant.vocabulary import Status
from tests.guards import unguarded
from tests.peers import Dovecot, free_port

ROOT = Path(__file__).resolve().parent.parent
Mail = Callable[..., Case]


def run(*words: str, data: Path, text: str = "") -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("CONSULTANT_")} | {
        "CONSULTANT_DATA": str(data)
    }
    command = [sys.executable, "-m", "consultant", *words]
    return subprocess.run(command, input=text, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60)


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_help_names_every_command_with_a_sentence(tmp_path: Path) -> None:
    shown = run("help", data=tmp_path).stdout
    for name in ("demo", "ask", "audit", "quarantine"):
        [line] = [line for line in shown.splitlines() if line.strip().startswith(f"{name} ")]
        assert len(line.split()) > 4


@pytest.mark.parametrize(
    "words", [("ask", "What is N39.3?"), ("lookup", "N39.3"), ("search", "stress incontinence"), ("ask", "--jsonl")]
)
def test_a_missing_codebook_is_one_sentence_that_says_what_to_run(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(*words, data=tmp_path, text='{"id": "1", "question": "x"}\n')
    assert done.returncode == 2
    assert "consultant codebook build" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_casebook_without_tables_is_one_sentence(tmp_path: Path) -> None:
    done = run("quarantine", "list", data=tmp_path)
    assert done.returncode == 2
    assert "consultant migrate" in done.stderr
    assert "Traceback" not in done.stderr


# --- audit ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(mail: Mail, alice: User) -> Case:
    case = mail()
    review.edit(case, alice, version=1, letters=1, text="Report 90912.")
    review.approve(case, alice, version=2, letters=1)
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.SENT
    return case


@pytest.mark.django_db(transaction=True)
def test_an_export_holds_all_and_its_manifest_is_true(sent: Case, erin: User, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "case.zip")]
    said("audit", "export", sent.number, *out, "--reveal", "--by", erin.username)
    with zipfile.ZipFile(tmp_path / "case.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    kinds = {name.partition("/")[0].partition(".")[0] for name in files}
    assert kinds == {"letters", "drafts", "replies", "findings", "triage", "events"}
    import hashlib

    assert {name: hashlib.sha256(data).hexdigest() for name, data in files.items()} == {
        name: told["sha256"] for name, told in manifest["files"].items()
    }
    assert (manifest["case"], manifest["problems"], manifest["codebook"]) == (sent.number, [], sent.codebook)
    assert files[f"letters/{sent.letters.get().pk}.eml"] == bytes(sent.letters.get().raw)
    assert json.loads(files["drafts/2.json"])["author"] == "alice@consultant.example"
    assert b"Report 90912." in files[f"replies/{sent.replies.get().pk}.eml"]


@pytest.mark.django_db(transaction=True)
def test_an_auditor_can_check_the_chain_from_the_export_alone(sent: Case) -> None:
    import hashlib

    with zipfile.ZipFile(io.BytesIO(export.masked(sent))) as archive:
        events = [json.loads(line) for line in archive.read("events.jsonl").splitlines()]
    previous = ""
    for event in events:
        digest = event.pop("digest")
        text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert (event["previous"], digest) == (previous, hashlib.sha256(text.encode()).hexdigest())
        previous = digest


@pytest.mark.django_db(transaction=True)
def test_verify_says_what_was_changed_and_where(sent: Case) -> None:
    assert said("audit", "verify").endswith("every trail is whole.\n")
    with unguarded("letter_update_refused"), connection.cursor() as cursor:
        cursor.execute("UPDATE consultant_letter SET raw = %s", [b"forged"])
    out = StringIO()
    with pytest.raises(CommandError, match=r"1 problem\(s\) in 1 case") as failed:
        call_command("audit", "verify", stdout=out)
    assert failed.value.returncode == 1
    assert f"{sent.number}: the bytes of letter" in out.getvalue()


@pytest.mark.django_db
def test_a_case_that_is_not_there_is_said_so() -> None:
    with pytest.raises(CommandError, match="There is no case C-99999"):
        call_command("audit", "export", "C-99999", "--out", "x.zip")


# --- quarantine, replay, poll, users ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_letter_in_quarantine_is_listed_and_can_be_tried_again(mail: Mail) -> None:
    assert "Nothing is in quarantine." in said("quarantine", "list")
    case = mail(b"")
    assert case.status == Status.QUARANTINED
    assert f"{case.number}  since" in said("quarantine", "list")
    assert f"{case.number}: quarantined: " in said("quarantine", "retry", case.number)


@pytest.mark.django_db(transaction=True)
def test_a_case_is_worked_through_again_with_todays_books(mail: Mail, alice: User) -> None:
    case = mail()
    review.decline(case, alice, version=1, letters=1, reason="An older book.", tell=False)
    assert f"{case.number}: drafted, codebook 2026" in said("replay", str(case.pk))
    assert case.drafts.count() == 2


@pytest.mark.django_db(transaction=True)
def test_poll_says_what_each_mailbox_held(dovecot: Dovecot, settings: object, tmp_path: Path) -> None:
    user = f"poll-{free_port()}"
    dovecot.deliver(user, b"From: maria@clinic.example\r\n\r\nWhat is the code?\r\n")
    for name, password in (("good", dovecot.password), ("bad", "wrong")):
        (tmp_path / name).write_text(password)
    entry = f'host = "localhost"\nport = {dovecot.imaps_port}\nuser = "{user}"\nca_file = "{dovecot.ca_file}"\n'
    settings.MAILBOXES_FILE = str(tmp_path / "boxes.toml")  # type: ignore[attr-defined]
    (tmp_path / "boxes.toml").write_text(f'[[mailbox]]\nname = "one"\npassword_file = "{tmp_path / "good"}"\n{entry}')
    assert said("poll", "--once") == "one: 1 new\n"
    assert said("poll", "--once") == "one: 0 new\n"
    assert Case.objects.count() == 1
    (tmp_path / "boxes.toml").write_text(f'[[mailbox]]\nname = "two"\npassword_file = "{tmp_path / "bad"}"\n{entry}')
    with pytest.raises(CommandError, match="1 of 1 mailboxes could not be read: two"):
        call_command("poll", "--once", stderr=StringIO())


@pytest.mark.django_db
def test_a_user_is_added_with_a_role_and_a_password_worth_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("reviewer", "auditor"):  # the migration's, which a test before this one may have emptied
        Group.objects.get_or_create(name=role)
    monkeypatch.setattr("sys.stdin", StringIO("short\n"))
    with pytest.raises(CommandError, match="at least 12 characters"):
        call_command("user", "fay@clinic.example", "--role", "reviewer")
    assert not User.objects.filter(username="fay@clinic.example").exists()
    monkeypatch.setattr("sys.stdin", StringIO("correct horse battery\n"))
    said("user", "Fay@clinic.example", "--role", "reviewer")
    user = User.objects.get(username="fay@clinic.example")
    assert user.check_password("correct horse battery")
    assert [group.name for group in user.groups.all()] == ["reviewer"]
    said("user", "fay@clinic.example", "--role", "auditor")
    assert [group.name for group in user.groups.all()] == ["auditor"]
