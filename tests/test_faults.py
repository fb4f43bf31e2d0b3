"""What may die while letters stream in: every process at every named step, and every server they need.

CONSULTANT_FAULT_LETTERS says how many letters it is tried on. What disk and clock do stands in test_faults_of_the_machine.py.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from consultant.codebook import Codebook
from tests.crew import LETTERS, Crew
from tests.fake_relay import FakeRelay
from tests.peers import Dovecot, Redis, Server, free_port
from tests.test_production import House, environment, wait_for

pytestmark = [pytest.mark.peers, pytest.mark.timeout(500 + LETTERS)]
PATIENCE = 120 + LETTERS / 4  # seconds: for a machine that others use too

#: Round by round, who is struck where while letters come in: a door, and a worker or both. Letters by SMTP come to either door;
#: the mailbox may be read to its end by one of them, so that what only the mailbox does strikes the one that does it.
BLOWS_ON_THE_WAY_IN = (
    ("doors1 before receive", "worker after take_up", "worker before triage"),
    ("doors1 before nudge", "worker before nudge", "worker after triage"),
    ("doors1 after receive", "worker before classify", "worker after classify"),
    ("doors before advance", "doors after receive", "worker before draft"),
    ("doors after advance", "worker after add_draft", "worker after draft"),
)
#: The same while answers leave: what was on its way to the relay is not known to have arrived.
BLOWS_ON_THE_WAY_OUT = (
    ("web before approve", "worker before deliver"),
    ("web before nudge", "worker before dispatch", "worker after dispatch"),
    ("web after approve", "worker before remember", "worker after deliver"),
)


@pytest.fixture
def crew(
    own_postgres_url: str, own_redis: Redis, dovecot: Dovecot, relay: FakeRelay, book: Codebook, tmp_path: Path
) -> Iterator[Crew]:
    env = environment(own_postgres_url, own_redis, dovecot, relay, tmp_path)
    faults = tmp_path / "faults"
    faults.mkdir()
    env |= {"TEST_FAULTS": str(faults), "CONSULTANT_SENDS_PER_HOUR": "0", "CONSULTANT_SENDING_GRACE_SECONDS": "5"}
    ports = {"doors1": int(env["CONSULTANT_SMTP_PORT"]), "doors2": free_port(), "web": free_port()}
    celery, one = (
        ["celery", "-A", "worker"],
        ["--concurrency=1", "--loglevel=WARNING", "--without-mingle", "--without-gossip"],
    )
    bind = f"--bind 127.0.0.1:{ports['web']} --workers 1 --threads 2 --worker-class gthread --no-control-socket".split()
    commands = {
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(tmp_path / "beat")],
        "worker1": [*celery, "worker", "--hostname", "one@%h", *one],
        "worker2": [*celery, "worker", "--hostname", "two@%h", *one],
        "doors1": ["consultant", "doors"],
        "doors2": [f"CONSULTANT_SMTP_PORT={ports['doors2']}", "consultant", "doors"],
        "web": ["gunicorn", "consultant.web.wsgi:application", *bind],
    }
    house = House(env, own_postgres_url, ports["doors1"])
    house.command("migrate", "--verbosity", "0")
    crew = Crew(house, dovecot, relay, commands, ports, faults)
    with house.ending():
        for name in commands:
            crew.start(name)
        crew.wait_until_open(*ports)
        yield crew


def claim_that_nothing_is_lost_or_doubled(crew: Crew) -> None:
    """Each letter that was handed in is one letter, one case and one draft, and every trail is whole."""
    house = crew.house
    kept = Counter(str(name) for (name,) in house.rows("SELECT message_id FROM consultant_letter"))
    assert kept == Counter(f"<q{number}@clinic.example>" for number in range(crew.mailed))
    [counts] = house.rows(
        "SELECT (SELECT count(*) FROM consultant_case), count(*), count(DISTINCT case_id) FROM consultant_draft"
    )
    assert counts == (crew.mailed, crew.mailed, crew.mailed)
    assert "every trail is whole" in house.command("audit", "verify", seconds=PATIENCE)


def claim_that_nothing_was_sent_twice(crew: Crew) -> None:
    """No mail reached the relay twice; what is said to be sent did; and none left that nobody approved."""
    taken = Counter(mail.letter["Message-ID"] for mail in crew.relay.messages)
    assert not [name for name, times in taken.items() if times > 1]
    approved = {name for (name,) in crew.house.rows("SELECT message_id FROM consultant_reply WHERE approved_by_id IS NOT NULL")}
    sent = {name for (name,) in crew.house.rows("SELECT message_id FROM consultant_reply WHERE sent_at IS NOT NULL")}
    assert sent <= set(taken) <= approved
    assert len(approved) == crew.mailed


def test_whoever_is_killed_at_whatever_step_no_letter_is_lost_doubled_or_answered_twice(crew: Crew) -> None:
    share = LETTERS // len(BLOWS_ON_THE_WAY_IN)
    for blows in BLOWS_ON_THE_WAY_IN:
        crew.wait_until_open("doors1", "doors2")
        crew.strike(*blows)
        crew.mail(share)
        crew.struck(*blows, seconds=PATIENCE)
    crew.wait_for_drafts(PATIENCE)
    claim_that_nothing_is_lost_or_doubled(crew)

    headers, left = crew.sign_in(), [case for (case,) in crew.house.rows("SELECT id FROM consultant_case ORDER BY id")]
    answers: Counter[int] = Counter()
    for number, blows in enumerate(BLOWS_ON_THE_WAY_OUT):
        crew.strike(*blows)
        for case in left[number :: len(BLOWS_ON_THE_WAY_OUT)]:
            while (answer := crew.approve(case, headers)) == 0:
                crew.struck(blows[0])
                crew.wait_until_open("web")
            answers[answer] += 1
        crew.struck(*blows[1:], seconds=PATIENCE)
    crew.wait_until_all_are({"sent", "unknown"}, PATIENCE)
    # approved and killed before it could say so: the second press on the button is told that it is out of date
    assert answers == {302: crew.mailed - 1, 409: 1}
    # killed with a mail in its hands: twice before the relay heard of it or just after, once before it was written down
    assert crew.house.statuses() == {"sent": crew.mailed - 3, "unknown": 3}
    claim_that_nothing_is_lost_or_doubled(crew)
    claim_that_nothing_was_sent_twice(crew)


def test_whatever_server_stops_and_comes_back_no_letter_is_lost_doubled_or_answered_twice(
    crew: Crew, own_redis: Redis, postgres_server: Server
) -> None:
    share = LETTERS // 5
    for server in (own_redis.server, postgres_server):
        crew.mail(share)
        server.stop()
        time.sleep(1.5)
        server.start()
        crew.mail(share)
    crew.mail(LETTERS - 4 * share)
    numbered = numbering(crew)
    crew.dovecot.server.stop()
    renumber(crew)
    crew.dovecot.server.start()
    anew = numbering(crew)
    assert anew != numbered
    crew.wait_for_drafts(PATIENCE)
    claim_that_nothing_is_lost_or_doubled(crew)
    claim_that_the_folder_was_gone_through_again(crew, anew)

    for kept in (True, False, True):
        crew.relay.drop_next(kept=kept)
    crew.house.approve_all(PATIENCE)
    wait_for(lambda: len(crew.relay.messages) > crew.mailed // 3, "a part to leave", PATIENCE)
    crew.relay.stop()
    time.sleep(1)
    crew.relay.start()

    def all_told() -> bool:
        crew.let_the_waits_end()
        return set(crew.house.statuses()) <= {"sent", "unknown"}

    wait_for(all_told, "every answer to leave or be in doubt", PATIENCE)
    claim_that_nothing_is_lost_or_doubled(crew)
    claim_that_nothing_was_sent_twice(crew)
    doubts = [str(trouble) for (trouble,) in crew.house.rows("SELECT trouble FROM consultant_case WHERE status = 'unknown'")]
    assert 3 <= len(doubts) <= 3 + 2  # those that the relay dropped, and what each worker had in its hands when it stopped
    assert len(crew.relay.messages) >= crew.mailed - len(doubts) + 2


def numbering(crew: Crew) -> int:
    """The UIDVALIDITY that the server gives the mailbox now."""
    with IMAPClient(crew.dovecot.host, crew.dovecot.imap_port, ssl=False) as imap:
        imap.login(crew.house.env["TEST_MAILBOX"], crew.dovecot.password)
        return int(imap.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"])


def claim_that_the_folder_was_gone_through_again(crew: Crew, uidvalidity: int) -> None:
    """Each letter of the mailbox was taken in again under its new number, and is the letter that it was before."""
    in_the_mailbox = crew.mailed // 2

    def all_found_again() -> bool:
        query = f"SELECT count(*), count(DISTINCT letter_id) FROM consultant_taken WHERE uidvalidity = {uidvalidity}"
        return crew.house.rows(query) == [(in_the_mailbox, in_the_mailbox)]

    wait_for(all_found_again, "the renumbered folder to be gone through", PATIENCE)
    assert crew.house.rows("SELECT DISTINCT uidvalidity FROM consultant_cursor") == [(uidvalidity,)]


def renumber(crew: Crew) -> None:
    """The mailbox loses its index while the server is down: the same letters come back under a new UIDVALIDITY."""
    folder = crew.dovecot.server.log.parent / "mail" / crew.house.env["TEST_MAILBOX"]
    gone = [*folder.glob("dovecot-uidlist*"), *folder.glob("dovecot.index*"), *folder.glob("dovecot.list.index*")]
    assert gone
    for path in gone:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
