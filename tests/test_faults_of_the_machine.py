"""What the machine itself may do to a house on the embedded defaults: a disk that is full, a clock that is wrong."""

from __future__ import annotations

import resource
import shutil
import signal
import smtplib
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from email.parser import BytesHeaderParser
from pathlib import Path

import pytest
from django.conf import settings as house_settings

from consultant.codebook import Codebook
from tests.crew import mail_until_taken, question
from tests.peers import HOST, free_port, listens
from tests.test_production import US, House, base_environment, wait_for

pytestmark = [pytest.mark.timeout(400)]
DAY = 24 * 3600
PATIENCE = 120.0


@pytest.fixture
def house(book: Codebook, tmp_path: Path) -> Iterator[House]:
    """`consultant up` on SQLite, with its outbox in a Maildir."""
    shutil.copytree(Path(house_settings.DATA_DIR) / "codebook", tmp_path / "codebook")
    (tmp_path / "faults").mkdir()
    smtp_port = free_port()
    env = base_environment(tmp_path, smtp_port) | {
        "CONSULTANT_HTTP_PORT": str(free_port()),
        "CONSULTANT_SENDING_GRACE_SECONDS": "3",
        "CONSULTANT_UNDO_SECONDS": "0",
        "TEST_FAULTS": str(tmp_path / "faults"),
    }
    house = House(env, str(tmp_path / "casebook.sqlite3"), smtp_port)
    with house.ending():
        start(house)
        yield house


def start(house: House) -> None:
    house.start("up", "tests.struck", "up", "consultant", "up")
    wait_for(lambda: listens(house.smtp_port), "the SMTP door", PATIENCE)


def rows(house: House, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{house.database}?mode=ro", uri=True, timeout=20)) as casebook:
        return casebook.execute(query).fetchall()


def statuses(house: House) -> dict[str, int]:
    found = rows(house, "SELECT status, count(*) FROM consultant_case GROUP BY status")
    return {str(status): int(str(count)) for status, count in found}


def claim_that_each_letter_is_one_case(house: House, count: int) -> None:
    kept = Counter(str(name) for (name,) in rows(house, "SELECT message_id FROM consultant_letter"))
    assert kept == Counter(f"<q{number}@clinic.example>" for number in range(count))
    assert rows(house, "SELECT count(*), count(DISTINCT case_id) FROM consultant_draft") == [(count, count)]
    assert "every trail is whole" in house.command("audit", "verify")


def outbox(house: House) -> list[str]:
    """The Message-IDs of what left."""
    folder = Path(house.env["CONSULTANT_DATA"], "outbox", "new")
    return [str(BytesHeaderParser().parsebytes(file.read_bytes())["Message-ID"]) for file in folder.glob("*")]


# --- a full disk ------------------------------------------------------------------------------------------------------


def let_files_grow_to(house: House, limit: int) -> None:
    """A disk without room, to this process alone: no file of it grows beyond this, as if each write ended in ENOSPC."""
    resource.prlimit(house.running["up"].pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def test_a_full_disk_refuses_letters_for_the_time_being_and_loses_none_of_those_it_said_250_to(house: House) -> None:
    for number in range(8):
        mail_until_taken(house.smtp_port, number)
    wait_for(lambda: statuses(house) == {"drafted": 8}, "eight drafts", PATIENCE)
    for number in range(8, 14):  # some of these are on their way when the disk is full
        mail_until_taken(house.smtp_port, number)

    let_files_grow_to(house, 512)
    house.approve_all()  # from a machine with room: the way out meets the full disk too
    for number in range(14, 17):
        with smtplib.SMTP(HOST, house.smtp_port, timeout=60) as smtp, pytest.raises(smtplib.SMTPDataError) as refused:
            smtp.sendmail(f"maria{number}@clinic.example", [US], question(number))
        assert refused.value.smtp_code == 451
    time.sleep(3)  # the sweep, and whatever it wakes, meets it as well
    assert house.running["up"].poll() is None

    let_files_grow_to(house, resource.RLIM_INFINITY)
    for number in range(14, 17):
        mail_until_taken(house.smtp_port, number)
    house.say("Case.objects.update(worked_at=None, retry_after=None)")  # the waits end
    wait_for(
        lambda: set(statuses(house)) <= {"drafted", "sent"} and sum(statuses(house).values()) == 17, "all to arrive", PATIENCE
    )
    claim_that_each_letter_is_one_case(house, 17)
    left = outbox(house)
    assert len(left) == len(set(left)) == statuses(house)["sent"] >= 8


# --- a wrong clock ----------------------------------------------------------------------------------------------------


def set_clock(house: House, seconds: float) -> None:
    folder = Path(house.env["TEST_FAULTS"])
    (folder / "clock.new").write_text(str(seconds))
    (folder / "clock.new").replace(folder / "clock")


def strike(house: House, moment: str) -> None:
    """Whoever comes to this moment dies of it."""
    Path(house.env["TEST_FAULTS"], moment).touch()


def struck(house: House) -> None:
    assert house.running["up"].wait(PATIENCE) == -signal.SIGKILL


def test_a_clock_that_was_a_day_ahead_and_is_set_right_leaves_no_letter_waiting_for_tomorrow(house: House) -> None:
    """What a worker had in its hands when it died under the wrong clock says that it is being worked on, tomorrow."""
    mail_until_taken(house.smtp_port, 0)
    wait_for(lambda: statuses(house) == {"drafted": 1}, "a draft", PATIENCE)
    set_clock(house, DAY)
    strike(house, "up before dispatch")
    house.approve_all()
    struck(house)
    set_clock(house, 0)
    start(house)
    wait_for(lambda: statuses(house) == {"unknown": 1}, "the doubt shown", PATIENCE)

    set_clock(house, DAY)
    strike(house, "up after take_up")
    with suppress(OSError, smtplib.SMTPException), smtplib.SMTP(HOST, house.smtp_port, timeout=20) as smtp:
        smtp.sendmail("maria1@clinic.example", [US], question(1))  # it may die before it says 250
    struck(house)
    set_clock(house, 0)
    start(house)
    for number in (1, 2):
        mail_until_taken(house.smtp_port, number)
    wait_for(lambda: statuses(house) == {"unknown": 1, "drafted": 2}, "the dead worker's letter and one more", PATIENCE)
    claim_that_each_letter_is_one_case(house, 3)
    assert outbox(house) == []
