"""Doors in several processes at one port: whichever is killed, its letters come in by the others, each of them once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crew import mail_until_taken
from tests.peers import free_port, listens
from tests.test_production import House, base_environment, wait_for

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]
LETTERS, LINES = 80, 4


@pytest.fixture
def house(own_postgres_url: str, tmp_path: Path) -> Iterator[House]:
    """Only its doors, two at one port."""
    port = free_port()
    env = base_environment(tmp_path, port) | {"DATABASE_URL": own_postgres_url, "CONSULTANT_DOOR_PROCESSES": "2"}
    house = House(env, own_postgres_url, port)
    house.command("migrate", "--verbosity", "0")
    house.start_doors()
    with house.ending():
        yield house


def crew(house: House) -> list[int]:
    """The process ids of the doors that run below their foreman."""
    foreman = house.running["doors"].pid
    told = subprocess.run(["ps", "-o", "pid=,stat=", "--ppid", str(foreman)], capture_output=True, text=True, check=False).stdout
    return [int(line.split()[0]) for line in told.splitlines() if "Z" not in line.split()[1]]


def hand_in(house: House, numbers: range) -> list[threading.Thread]:
    """Letters by several lines at once, each again and again until somebody says 250."""

    def one_line(first: int) -> None:
        for number in numbers[first::LINES]:
            mail_until_taken(house.smtp_port, number)

    lines = [threading.Thread(target=one_line, args=(first,), daemon=True) for first in range(LINES)]
    for line in lines:
        line.start()
    return lines


def kept(house: House) -> int:
    [(count,)] = house.rows("SELECT count(*) FROM consultant_letter")
    return int(str(count))


def test_one_of_two_doors_is_killed_under_load_and_no_letter_is_lost_or_doubled(house: House) -> None:
    wait_for(lambda: len(crew(house)) == 2, "two doors")
    first = crew(house)
    lines = hand_in(house, range(LETTERS))
    for share, victim in zip((LETTERS // 4, LETTERS // 2), first, strict=True):
        wait_for(lambda share=share: kept(house) >= share, f"{share} letters")
        time.sleep(6)  # past the time in which a death would be taken for a start that failed
        os.kill(victim, signal.SIGKILL)
    for line in lines:
        line.join(120)
    wait_for(lambda: len(crew(house)) == 2 and not set(crew(house)) & set(first), "two others in their places")
    names = Counter(str(name) for (name,) in house.rows("SELECT sha256 FROM consultant_letter"))
    assert (len(names), set(names.values())) == (LETTERS, {1})
    assert house.rows("SELECT count(DISTINCT case_id) FROM consultant_letter") == house.rows(
        "SELECT count(*) FROM consultant_case"
    )
    assert "every trail is whole" in house.command("audit", "verify")


def test_both_doors_take_letters(house: House) -> None:
    """A door that is stopped keeps nobody waiting: the other one takes what comes."""
    wait_for(lambda: len(crew(house)) == 2, "two doors")
    for number, stopped in enumerate(crew(house)):
        os.kill(stopped, signal.SIGSTOP)
        mail_until_taken(house.smtp_port, number)
        os.kill(stopped, signal.SIGCONT)
    assert kept(house) == 2


def test_doors_go_with_their_foreman_and_leave_the_port_free(house: House) -> None:
    wait_for(lambda: len(crew(house)) == 2, "two doors")
    os.kill(house.running["doors"].pid, signal.SIGKILL)
    house.running["doors"].wait(10)
    wait_for(lambda: not listens(house.smtp_port), "the port to be free", 30)
    house.start_doors()
    mail_until_taken(house.smtp_port, 1)
    assert kept(house) == 1
    wait_for(lambda: len(crew(house)) == 2, "two new doors")
    house.running["doors"].send_signal(signal.SIGTERM)
    assert house.running["doors"].wait(60) == 0
    wait_for(lambda: not listens(house.smtp_port), "the port to be free", 30)


def test_doors_that_can_not_be_opened_say_so_and_end(house: House) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "consultant", "doors"], env=house.env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1
    assert f"Port {house.smtp_port} on 127.0.0.1 can't be used" in done.stderr
