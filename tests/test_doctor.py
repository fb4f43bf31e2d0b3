"""`consultant doctor`: what it says is wrong, what to do about it, and that its exit code says so too."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from consultant import doctor, doorkeeper, gate, pipeline, signing
from consultant.codebook import Codebook
from consultant.doctor import Finding, Grade
from consultant.models import Case, Door
from tests.conftest import envelope, letter
from tests.fake_relay import FakeRelay
from tests.peers import Certificate, Dovecot, free_port
from tests.test_doors import RAW
from tests.test_imap_trouble import bad_server, talks_nonsense
from tests.token_server import TokenServer

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent


class Office(NamedTuple):
    """A mailbox file, written anew with whatever is different."""

    folder: Path
    dovecot: Dovecot
    settings: Any
    user: str

    def mailbox(self, more: str = "", **changes: object) -> None:
        (self.folder / "password").write_text(str(changes.pop("password", self.dovecot.password)))
        facts: dict[str, object] = {
            "name": "coding",
            "host": "localhost",
            "port": self.dovecot.imaps_port,
            "user": self.user,
            "ca_file": str(self.dovecot.ca_file),
            "password_file": str(self.folder / "password"),
        }
        lines = [f"{name} = {json.dumps(value)}" for name, value in (facts | changes).items() if value is not None]
        (self.folder / "boxes.toml").write_text("\n".join(["[[mailbox]]", *lines, more]))
        self.settings.MAILBOXES_FILE = str(self.folder / "boxes.toml")


@pytest.fixture
def office(dovecot: Dovecot, settings: Any, tmp_path: Path, book: Codebook) -> Office:
    settings.SMTP_PORT = settings.LMTP_PORT = 0
    return Office(tmp_path, dovecot, settings, f"doctor-{free_port()}")


def found(subject: str) -> list[Finding]:
    return [finding for finding in doctor.examine() if finding.subject.startswith(subject)]


def only_wrong(subject: str) -> Finding:
    [finding] = [finding for finding in found(subject) if finding.grade == Grade.WRONG]
    assert finding.do
    return finding


# --- the command ------------------------------------------------------------------------------------------------------


def test_in_a_house_that_is_well_it_says_so_and_ends_with_0(office: Office) -> None:
    office.mailbox()
    out = StringIO()
    call_command("doctor", stdout=out)
    assert "Nothing is wrong." in out.getvalue()
    assert "ok     mailbox coding: login" in out.getvalue()
    assert "WRONG" not in out.getvalue()


def test_one_thing_wrong_ends_with_1_and_says_what_to_do(office: Office) -> None:
    office.mailbox(password="not it")
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out)
    assert ended.value.code == 1
    assert "WRONG  mailbox coding: login: localhost refused the password of" in out.getvalue()
    assert "→ Put the right password into its file and start the doors anew." in out.getvalue()
    assert "not it" not in out.getvalue()
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", "--json", stdout=out)
    assert {"wrong", "well"} <= {json.loads(line)["grade"] for line in out.getvalue().splitlines()}


def test_a_setting_that_can_not_be_read_is_one_sentence(tmp_path: Path) -> None:
    for name, value, said in (
        ("CONSULTANT_UNDO_SECONDS", "soon", "must be a number"),
        ("CONSULTANT_RELAY_PASSWORD_FILE", str(tmp_path / "nowhere"), "can't be read"),
    ):
        env = {"CONSULTANT_DATA": str(tmp_path), "PATH": "", name: value}
        command = [sys.executable, "-m", "consultant", "doctor"]
        done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        assert said in done.stderr
        assert name.removesuffix("_FILE") in done.stderr


def test_a_check_that_dies_is_a_finding_and_the_others_go_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies() -> None:
        raise RuntimeError("oops")

    monkeypatch.setattr("consultant.doctor.CHECKS", (("moon", dies), *doctor.CHECKS))
    findings = list(doctor.examine())
    assert "could not be examined: RuntimeError: oops" in findings[0].says
    assert len(findings) > 5


# --- mailboxes --------------------------------------------------------------------------------------------------------


def test_a_name_that_leads_nowhere(office: Office) -> None:
    office.mailbox(host="imap.no-such-place.invalid")
    finding = only_wrong("mailbox coding")
    assert finding.subject.endswith("DNS")
    assert "imap.no-such-place.invalid leads nowhere" in finding.says


def test_a_port_where_nobody_listens(office: Office) -> None:
    office.mailbox(port=free_port())
    assert "Nobody listens" in only_wrong("mailbox coding: line").says


def test_a_certificate_that_nobody_vouches_for(office: Office) -> None:
    office.mailbox(ca_file="")
    finding = only_wrong("mailbox coding: TLS")
    assert "Nobody we trust vouches for" in finding.says
    assert "ca_file" in finding.do


def test_a_certificate_for_another_name(office: Office) -> None:
    office.mailbox(host="127.1")  # the same machine by a name that the certificate does not hold
    assert "is for another name" in only_wrong("mailbox coding: TLS").says


def test_a_certificate_that_ends_soon_is_noted(office: Office) -> None:
    office.mailbox()
    [finding] = found("mailbox coding: TLS")
    assert (finding.grade, finding.says) == (Grade.NOTE, "The certificate of localhost ends in 1 days.")


def test_tls_spoken_to_a_port_that_speaks_plainly(office: Office) -> None:
    office.mailbox(port=office.dovecot.imap_port)
    finding = only_wrong("mailbox coding: TLS")
    assert "speaks no TLS" in finding.says
    assert "starttls with 143" in finding.do


def test_starttls_to_a_server_that_is_none(office: Office) -> None:
    with bad_server(talks_nonsense) as port:
        office.mailbox(port=port, security="starttls")
        assert "mailbox coding" in only_wrong("mailbox coding").subject


def test_a_folder_that_is_not_there_names_those_that_are(office: Office) -> None:
    office.mailbox(folder="Coding")
    finding = only_wrong("mailbox coding: folder")
    assert finding.says == "There is no folder Coding."
    assert "INBOX" in finding.do


def test_letters_that_were_not_taken_in_yet_are_counted(office: Office) -> None:
    office.mailbox()
    for _ in range(2):
        office.dovecot.deliver(office.user, RAW)
    [finding] = found("mailbox coding: folder")
    assert (finding.grade, finding.says) == (Grade.NOTE, "INBOX holds 2 letters; 0 of them were taken in.")
    call_command("poll", "--once", stdout=StringIO())
    [finding] = found("mailbox coding: folder")
    assert (finding.grade, finding.says) == (Grade.WELL, "INBOX holds 2 letters; 2 of them were taken in.")


def test_a_refused_token(office: Office, token_server: TokenServer) -> None:
    (office.folder / "refresh").write_text("an old one")
    oauth = f'[mailbox.oauth]\nprovider = "other"\ntoken_url = "{token_server.url}"\nclient_id = "us"\n'
    oauth += f'refresh_token_file = "{office.folder / "refresh"}"'
    office.mailbox(oauth, password_file=None)
    assert "sign in anew" in only_wrong("mailbox coding: login").says
    (office.folder / "refresh").write_text("refresh-0")
    assert "does not take our access token" in only_wrong("mailbox coding: login").says
    token_server.user = office.user
    assert [f.grade for f in found("mailbox coding: login")] == [Grade.WELL]


def test_a_mailbox_file_with_a_mistake(office: Office) -> None:
    office.mailbox(securty="tls")
    assert "securty" in only_wrong("mailboxes").says


# --- the relay and DKIM -----------------------------------------------------------------------------------------------


@pytest.fixture
def by_relay(relay: FakeRelay, office: Office) -> FakeRelay:
    office.settings.RELAY_URL = f"smtp+plain://127.0.0.1:{relay.port}"
    return relay


def test_a_relay_that_is_well_gets_no_mail_by_being_examined(by_relay: FakeRelay) -> None:
    assert [(f.subject, f.grade) for f in found("relay")] == [
        ("relay: line", Grade.WELL),
        ("relay: login", Grade.WELL),
        ("relay: sender", Grade.WELL),
    ]
    assert by_relay.messages == []


def test_what_a_relay_can_not_do_is_a_note(by_relay: FakeRelay) -> None:
    by_relay.hide("SMTPUTF8")
    by_relay.fail_next("550 5.7.60 send as denied", at="MAIL")
    notes = [f.subject for f in found("relay") if f.grade == Grade.NOTE]
    assert notes == ["relay: SMTPUTF8", "relay: sender"]


def test_a_relay_that_does_not_let_us_send(by_relay: FakeRelay) -> None:
    for _ in range(2):
        by_relay.fail_next("550 5.7.60 send as denied", at="MAIL")
    assert "won't send for coding@consultant.example: 550 5.7.60" in only_wrong("relay").says


def test_a_relay_with_login_and_tls(tls_relay: FakeRelay, certificate: Certificate, office: Office) -> None:
    office.settings.RELAY_URL = f"smtp://consultant@localhost:{tls_relay.port}"
    office.settings.RELAY_PASSWORD, office.settings.RELAY_CA_FILE = "secret", str(certificate.file)
    assert [f.grade for f in found("relay: login")] == [Grade.WELL]
    office.settings.RELAY_PASSWORD = "wrong"
    assert "refused the login of consultant" in only_wrong("relay: login").says
    office.settings.RELAY_CA_FILE = ""
    assert "Nobody we trust vouches for" in only_wrong("relay").says


def test_a_relay_that_is_not_there(office: Office) -> None:
    office.settings.RELAY_URL = f"smtps://localhost:{free_port()}"
    assert "Nobody listens" in only_wrong("relay").says
    office.settings.RELAY_URL = "mail.example"
    assert "can't be read" in only_wrong("relay").says


def test_the_dkim_record_is_compared_with_the_key(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.test_signing import record

    key, other = (office.folder / name for name in ("key.pem", "other.pem"))
    for path in (key, other):
        subprocess.run(["openssl", "genrsa", "-out", str(path), "2048"], check=True, capture_output=True)
    office.settings.DKIM_KEY_FILE, office.settings.DKIM_SELECTOR = str(key), "desk"
    asked: list[bytes] = []

    def published(path: Path) -> Callable[..., bytes]:
        return lambda name, timeout=5: (asked.append(name), record(path))[1]

    monkeypatch.setattr(signing, "_txt", published(key))
    assert [f.grade for f in found("DKIM")] == [Grade.WELL]
    assert asked == [b"desk._domainkey.consultant.example."]
    monkeypatch.setattr(signing, "_txt", published(other))
    assert "is of another key" in only_wrong("DKIM").says

    def nothing(name: bytes, timeout: float = 5) -> bytes:
        raise signing.NoRecord("NXDOMAIN")

    monkeypatch.setattr(signing, "_txt", nothing)
    assert "desk._domainkey.consultant.example can't be found: NXDOMAIN" in only_wrong("DKIM").says
    key.write_text("no key")
    assert "can't be signed" in only_wrong("DKIM").says


# --- the house --------------------------------------------------------------------------------------------------------


def test_a_clock_that_went_back(office: Office) -> None:
    pipeline.receive(letter(), envelope())
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        assert "the casebook already holds" in only_wrong("clock").says
    with time_machine.travel("1970-01-01"):
        assert "long past" in only_wrong("clock").says


def test_a_disk_that_is_full_or_can_not_be_written(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(office.folder)
    for free, grade in ((100, Grade.WRONG), (1000, Grade.NOTE), (10_000, Grade.WELL)):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: usage._replace(free=free * 1024 * 1024))
        assert [f.grade for f in found("disk")] == [grade]
    (office.folder / "file").write_text("x")
    office.settings.DATA_DIR = office.folder / "file"
    assert "can't be written" in only_wrong("disk").says


def test_a_missing_codebook_and_a_casebook_that_is_behind(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consultant.doctor.house.MigrationExecutor.migration_plan", lambda *_: [1, 2])
    assert only_wrong("casebook").do == "Run: consultant migrate"
    assert found("work") == []
    office.settings.DATA_DIR = office.folder
    assert "consultant codebook build" in only_wrong("codebook").do


def test_letters_that_nobody_works_on(office: Office) -> None:
    pipeline.receive(letter(), envelope())
    assert [f.grade for f in found("work")] == [Grade.WELL]
    Case.objects.update(changed_at=timezone.now() - timedelta(hours=1))
    assert "1 cases wait" in only_wrong("work").says


def test_a_silent_door_and_one_that_nobody_listens_at(office: Office) -> None:
    doorkeeper.alive("coding", due_seconds=1)
    Door.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert "no sign of life" in only_wrong("door coding").says
    office.settings.SMTP_PORT = free_port()
    [finding] = found("door SMTP")
    assert (finding.grade, "Nobody listens" in finding.says) == (Grade.NOTE, True)
    with bad_server(talks_nonsense) as port:
        office.settings.SMTP_PORT = port
        assert "Somebody else listens" in only_wrong("door SMTP").says


def test_a_broker_that_is_not_there(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from consultant.queue import app

    url = f"redis://127.0.0.1:{free_port()}/0"
    office.settings.CELERY_BROKER_URL = url
    other = type(app)("other", broker=url)
    monkeypatch.setattr("consultant.queue.app", other)
    assert "can't be reached" in only_wrong("broker").says


def test_sending_that_is_switched_off_is_noted(office: Office) -> None:
    gate.turn(False, "user:alice", "a wrong book")
    [finding] = found("sending")
    assert (finding.grade, finding.says) == (Grade.NOTE, "alice switched it off: a wrong book.")
    office.settings.SENDING = False
    assert "CONSULTANT_SENDING=no" in found("sending")[0].says
