"""The processes of a house on PostgreSQL and Redis, each of which may be struck dead at a named step, and the letters they get.

There are two doors on the same mailbox and two workers, so that everything is done by two who know nothing of each other.
"""

from __future__ import annotations

import http.client
import os
import signal
import smtplib
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import letter
from tests.fake_relay import FakeRelay
from tests.peers import HOST, Dovecot, listens
from tests.test_production import US, House, wait_for

#: How many letters the faults are tried on: 2,000 take long.
LETTERS = int(os.environ.get("CONSULTANT_FAULT_LETTERS", "60"))
ASKED = (
    "What is the CPT code for pelvic floor biofeedback, first 15 minutes?",
    "Which ICD-10-CM code is right for stress incontinence in a woman?",
    "Is N39.3 billable, or does it need another digit?",
    "What is the HCPCS code for an injection of onabotulinumtoxinA?",
)


def question(number: int) -> bytes:
    """A letter of its own, from a sender of its own."""
    sender = f"Maria <maria{number}@clinic.example>"
    return letter(text=ASKED[number % len(ASKED)], message_id=f"<q{number}@clinic.example>", sender=sender)


def mail_until_taken(port: int, number: int, seconds: float = 120) -> None:
    """What a mail server does: the same letter again and again, until somebody says 250."""
    until = time.monotonic() + seconds
    while True:
        try:
            with smtplib.SMTP(HOST, port, timeout=20) as smtp:
                smtp.sendmail(f"maria{number}@clinic.example", [US], question(number))
            return
        except (smtplib.SMTPException, OSError):
            assert time.monotonic() < until, f"letter {number} was never taken"
            time.sleep(0.1)


@dataclass
class Crew:
    """A house whose processes are `tests.struck`, started again when they die as a supervisor does it."""

    house: House
    dovecot: Dovecot
    relay: FakeRelay
    commands: dict[str, list[str]]
    ports: dict[str, int]  # of the doors and of the web
    faults: Path
    mailed: int = 0
    senders: list[threading.Thread] = field(default_factory=list)

    # --- processes ---

    def start(self, name: str) -> None:
        self.house.start(name, "tests.struck", name, *self.commands[name])

    def wait_until_open(self, *names: str) -> None:
        wait_for(lambda: all(listens(self.ports[name]) for name in names), f"{names} to listen")

    def strike(self, *moments: str) -> None:
        """Whoever comes first to one of these moments ("worker1 after triage") dies of it."""
        for moment in moments:
            (self.faults / moment).touch()

    def struck(self, *moments: str, seconds: float = 90) -> None:
        """Wait until each of these blows hit, start the dead anew, and let the minute pass that a dead worker's case waits."""
        wait_for(lambda: not any((self.faults / moment).exists() for moment in moments), f"{moments} to hit", seconds)
        kinds = Counter(moment.split()[0] for moment in moments)
        for kind, blows in kinds.items():
            wait_for(lambda kind=kind, blows=blows: len(self._dead(kind)) >= blows, f"{blows} of {kind} to be dead", 20)
            for name in self._dead(kind):
                assert self.house.running[name].returncode == -signal.SIGKILL
                self.start(name)
        self.let_a_minute_pass()

    def _dead(self, kind: str) -> list[str]:
        """The processes of that name, or of that kind ("worker"), that no longer run."""
        return [name for name, process in self.house.running.items() if name.startswith(kind) and process.poll() is not None]

    def let_a_minute_pass(self) -> None:
        self.house.rows(
            "UPDATE consultant_case SET worked_at = worked_at - interval '61 s' WHERE worked_at IS NOT NULL RETURNING id"
        )

    def let_the_waits_end(self) -> None:
        self.house.rows("UPDATE consultant_case SET retry_after = now() WHERE retry_after IS NOT NULL RETURNING id")

    # --- letters ---

    def mail(self, count: int) -> None:
        """Hand in that many letters, each second one by SMTP (from threads that go on), the others through the mailbox."""
        numbers = range(self.mailed, self.mailed + count)
        self.mailed += count
        for way in range(3):
            numbers_of_one = [number for number in numbers if number % 2 == 0][way::3]
            sender = threading.Thread(target=self._send, args=(numbers_of_one, self.ports[f"doors{way % 2 + 1}"]), daemon=True)
            sender.start()
            self.senders.append(sender)
        for number in numbers:
            if number % 2:
                self.dovecot.deliver(self.house.env["TEST_MAILBOX"], question(number))

    def _send(self, numbers: Iterable[int], port: int) -> None:
        for number in numbers:
            mail_until_taken(port, number)

    def wait_for_drafts(self, seconds: float) -> None:
        for sender in self.senders:
            sender.join(seconds)
        self.wait_until_all_are({"drafted"}, seconds)

    def wait_until_all_are(self, wanted: set[str], seconds: float) -> None:
        """Let time pass until every letter is one of these; failing that, say where each stands."""
        until = time.monotonic() + seconds
        while sum((statuses := self.house.statuses()).values()) < self.mailed or not set(statuses) <= wanted:
            odd = "SELECT id, status, tries, worked_at, retry_after, now(), trouble FROM consultant_case WHERE status <> 'sent'"
            assert time.monotonic() < until, f"{statuses}, for instance {self.house.rows(odd)[:5]}"
            time.sleep(0.3)

    # --- the desk ---

    def sign_in(self) -> dict[str, str]:
        """The headers of somebody who may approve."""
        key = self.house.say(
            "from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY\n"
            "from django.contrib.auth.models import Group, User\nfrom django.contrib.sessions.backends.db import SessionStore\n"
            "alice = User.objects.create_user('alice@consultant.example', password='correct horse battery')\n"
            "alice.groups.add(Group.objects.get_or_create(name='reviewer')[0])\n"
            "session = SessionStore()\nsession[SESSION_KEY] = str(alice.pk)\n"
            "session[BACKEND_SESSION_KEY] = 'django.contrib.auth.backends.ModelBackend'\n"
            "session[HASH_SESSION_KEY] = alice.get_session_auth_hash()\nsession.save()\nprint(session.session_key)"
        )
        token = "t" * 32
        return {"Cookie": f"consultant_session={key}; consultant_csrf={token}", "X-CSRFToken": token,
                "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip

    def approve(self, case: object, headers: dict[str, str]) -> int:
        """Press the button once; the answer's status, or 0 when the web died over it."""
        line = http.client.HTTPConnection(HOST, self.ports["web"], timeout=60)
        try:
            line.request("POST", f"/case/{case}/do/approve", urllib.parse.urlencode({"version": 1, "letters": 1}), headers)
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()
