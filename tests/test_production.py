"""The same way in production's clothes: PostgreSQL, Redis, a Celery worker, beat and doors as processes, Dovecot, a relay."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as house_settings

from consultant.codebook import Codebook
from tests.conftest import letter
from tests.fake_relay import FakeRelay
from tests.peers import Dovecot, Redis, free_port, listens

pytestmark = [pytest.mark.peers, pytest.mark.timeout(240)]
ROOT = Path(__file__).resolve().parent.parent
US = "coding@consultant.example"


@dataclass
class House:
    """The processes of one house, started from its environment and stopped by process id."""

    env: dict[str, str]
    database: str
    smtp_port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> None:
        with Path(self.env["CONSULTANT_DATA"], f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *command], env=self.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def start_worker(self) -> None:
        self.start(
            "worker",
            "celery",
            "-A",
            "worker",
            "worker",
            "--concurrency",
            "2",
            "--loglevel",
            "WARNING",
            "--without-mingle",
            "--without-gossip",
        )

    def start_doors(self) -> None:
        self.start("doors", "consultant", "doors")
        wait_for(lambda: listens(self.smtp_port), "the SMTP door")

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        process.wait(30)

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Whatever still runs of it at the end is killed."""
        try:
            yield
        finally:
            for name in list(self.running):
                self.kill(name)

    def say(self, code: str, seconds: float = 60) -> str:
        """Run a line of Python in the house, as one of its own would."""
        setup = "import django; django.setup()\nfrom consultant import review, steering, audit\nfrom consultant.models import *\n"
        done = subprocess.run(
            [sys.executable, "-c", setup + code], env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=seconds
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def command(self, *words: str, seconds: float = 60) -> str:
        line = [sys.executable, "-m", "consultant", *words]
        done = subprocess.run(line, env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=seconds)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]

    def statuses(self) -> dict[str, int]:
        return {
            str(status): int(str(n)) for status, n in self.rows("SELECT status, count(*) FROM consultant_case GROUP BY status")
        }

    def mail(self, number: int, **kind: str) -> None:
        facts = {"message_id": f"<q{number}@clinic.example>", "sender": f"Maria <maria{number}@clinic.example>"} | kind
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as smtp:
            smtp.sendmail(f"maria{number}@clinic.example", [US], letter(**facts))

    def approve_all(self, seconds: float = 60) -> None:
        self.say(
            "from django.contrib.auth.models import User\n"
            "alice = User.objects.get_or_create(username='alice')[0]\n"
            "for case in Case.objects.filter(status='drafted'):\n"
            "    review.approve(case, alice, version=case.drafts.count(), letters=1)",
            seconds,
        )


def wait_for(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.1)


@contextmanager
def opened(house: House) -> Iterator[House]:
    house.command("migrate", "--verbosity", "0")
    house.start(
        "beat", "celery", "-A", "worker", "beat", "--loglevel", "WARNING", "--schedule", f"{house.env['CONSULTANT_DATA']}/beat"
    )
    house.start_worker()
    house.start_doors()
    with house.ending():
        yield house


def environment(database: str, redis: Redis, dovecot: Dovecot, relay: FakeRelay, folder: Path) -> dict[str, str]:
    """The settings of a house with all its files in the folder, and a mailbox of its own. Its doors take no letters yet."""
    user = f"house-{free_port()}"
    shutil.copytree(Path(house_settings.DATA_DIR) / "codebook", folder / "codebook")
    (folder / "password").write_text(dovecot.password)
    (folder / "mailboxes.toml").write_text(
        f'[[mailbox]]\nname = "{user}"\nhost = "localhost"\nport = {dovecot.imaps_port}\nuser = "{user}"\npoll_seconds = 5\n'
        f'password_file = "{folder / "password"}"\nca_file = "{dovecot.ca_file}"\n'
    )
    return base_environment(folder, free_port()) | {
        "CONSULTANT_BROKER_URL": redis.url,
        "CONSULTANT_RELAY_URL": f"smtp+plain://127.0.0.1:{relay.port}",
        "CONSULTANT_MAILBOXES": str(folder / "mailboxes.toml"),
        "CONSULTANT_UNDO_SECONDS": "1",
        "DATABASE_URL": database,
        "TEST_MAILBOX": user,
    }


def base_environment(folder: Path, smtp_port: int) -> dict[str, str]:
    """The settings of any house of these tests: all its files in the folder, quick sweeps, no receipts."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CONSULTANT_")} | {
        "DJANGO_SETTINGS_MODULE": "consultant.settings",
        "CONSULTANT_DATA": str(folder),
        "CONSULTANT_SECRET_KEY": "only for this test",
        "CONSULTANT_SMTP_PORT": str(smtp_port),
        "CONSULTANT_SWEEP_SECONDS": "1",
        "CONSULTANT_ACKNOWLEDGE": "no",
    }


@pytest.fixture
def house(
    own_postgres_url: str, own_redis: Redis, dovecot: Dovecot, relay: FakeRelay, book: Codebook, tmp_path: Path
) -> Iterator[House]:
    env = environment(own_postgres_url, own_redis, dovecot, relay, tmp_path)
    with opened(House(env, own_postgres_url, int(env["CONSULTANT_SMTP_PORT"]))) as house:
        yield house


def test_a_letter_by_smtp_and_one_by_imap_go_the_whole_way(house: House, dovecot: Dovecot, relay: FakeRelay) -> None:
    house.mail(1)
    dovecot.deliver(house.env["TEST_MAILBOX"], letter(message_id="<q2@clinic.example>", sender="Dan <dan@billing.example>"))
    wait_for(lambda: house.statuses() == {"drafted": 2}, "two drafts")
    house.approve_all()
    wait_for(lambda: house.statuses() == {"sent": 2}, "two sent answers")
    assert sorted(m.letter["In-Reply-To"] for m in relay.messages) == ["<q1@clinic.example>", "<q2@clinic.example>"]
    assert sorted(m.rcpt_to[0] for m in relay.messages) == ["dan@billing.example", "maria1@clinic.example"]
    assert "every trail is whole" in house.command("audit", "verify")


def test_letters_that_come_while_the_broker_is_down_are_kept_and_drafted_when_it_is_back(house: House, own_redis: Redis) -> None:
    own_redis.server.stop()
    for number in range(3):
        house.mail(number)
    assert sum(house.statuses().values()) == 3
    own_redis.server.start()
    wait_for(lambda: house.statuses() == {"drafted": 3}, "three drafts", 120)


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(house: House, relay: FakeRelay) -> None:
    for number in range(20):
        house.mail(number)
    house.kill("worker")
    assert sum(house.statuses().values()) == 20
    # a case that was in the dead worker's hands is left alone for a minute; the test does not wait for that
    house.rows("UPDATE consultant_case SET worked_at = NULL RETURNING id")
    house.start_worker()
    wait_for(lambda: house.statuses() == {"drafted": 20}, "twenty drafts")
    assert house.rows("SELECT count(*), count(DISTINCT case_id) FROM consultant_draft") == [(20, 20)]
    assert "every trail is whole" in house.command("audit", "verify")


def test_doors_killed_and_started_again_take_in_each_letter_once(house: House, dovecot: Dovecot) -> None:
    user = house.env["TEST_MAILBOX"]
    for number in range(5):
        dovecot.deliver(user, letter(message_id=f"<q{number}@clinic.example>"))
    house.kill("doors")
    for number in range(5, 10):
        dovecot.deliver(user, letter(message_id=f"<q{number}@clinic.example>"))
    house.start_doors()
    wait_for(lambda: house.statuses() == {"drafted": 10}, "ten drafts")
    assert house.rows("SELECT count(*), count(DISTINCT sha256) FROM consultant_letter") == [(10, 10)]


def test_what_the_relay_says_decides_what_the_desk_shows(house: House, relay: FakeRelay) -> None:
    house.mail(1)
    wait_for(lambda: house.statuses() == {"drafted": 1}, "a draft")
    relay.fail_next("451 4.7.1 greylisted")
    house.approve_all()
    wait_for(lambda: house.rows("SELECT 1 FROM consultant_case WHERE status = 'approved' AND trouble <> ''"), "a later try")
    assert "451 4.7.1 greylisted" in str(house.rows("SELECT trouble FROM consultant_case")[0])
    relay.fail_next("550 5.1.1 no such user")
    house.rows("UPDATE consultant_case SET retry_after = now() RETURNING id")
    wait_for(lambda: house.statuses() == {"failed": 1}, "a failure shown")
    house.say("case = Case.objects.get()\nfrom django.contrib.auth.models import User\nreview.retry(case, User.objects.get())")
    wait_for(lambda: house.statuses() == {"sent": 1}, "a sent answer")
    assert len(relay.messages) == 1


def test_a_relay_that_dies_after_the_data_is_shown_as_unknown_and_never_resent(house: House, relay: FakeRelay) -> None:
    house.mail(1)
    wait_for(lambda: house.statuses() == {"drafted": 1}, "a draft")
    relay.drop_next(kept=True)
    house.approve_all()
    wait_for(lambda: house.statuses() == {"unknown": 1}, "the doubt shown")
    time.sleep(3)
    assert (house.statuses(), len(relay.messages)) == ({"unknown": 1}, 1)


def test_junk_with_nul_bytes_finds_a_place_on_postgresql_too(house: House) -> None:
    """PostgreSQL takes no NUL in text or JSON: what is read must not hold one."""
    house.mail(
        1, text="What\x00 is the code for N39.3?\x00", subject="nul \x00 inside", sender="Mar\x00ia <maria@clinic.example>"
    )
    with smtplib.SMTP("127.0.0.1", house.smtp_port, timeout=20) as smtp:
        smtp.sendmail("junk@clinic.example", [US], b"Subject: =?utf-8?B?AAEC?=\r\nFrom: x@clinic.example\r\n\r\n\x00\x01\xfe\xff")
    wait_for(lambda: not {"received", "accepted", "classified"} & set(house.statuses()), "both letters to settle")
    assert (
        house.rows("SELECT trouble FROM consultant_case WHERE trouble LIKE 'A step failed%' OR trouble LIKE 'Three tries%'") == []
    )
