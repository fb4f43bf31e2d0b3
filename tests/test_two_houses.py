"""Two Consultants that mail each other: each whole, in its own process, each by its real SMTP door the relay of the other."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.conf import settings as house_settings

from consultant.codebook import Codebook
from tests.peers import free_port, listens

pytestmark = pytest.mark.timeout(240)
ROOT = Path(__file__).resolve().parent.parent
ALICE, PASSWORD = "alice@consultant.example", "correct horse battery"
UNDO_SECONDS = 2


@dataclass
class House:
    name: str
    data: Path
    smtp: int
    http: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"coding@{self.name}.example"

    def env(self, other: House) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("CONSULTANT_")} | {
            "CONSULTANT_DATA": str(self.data),
            "CONSULTANT_ADDRESS": self.address,
            "CONSULTANT_SMTP_PORT": str(self.smtp),
            "CONSULTANT_HTTP_PORT": str(self.http),
            "CONSULTANT_RELAY_URL": f"smtp+plain://127.0.0.1:{other.smtp}",
            "CONSULTANT_UNDO_SECONDS": str(UNDO_SECONDS),
            "CONSULTANT_SWEEP_SECONDS": "3600",  # nobody is reminded: each step calls the next
        }

    def start(self, other: House) -> None:
        with (self.data / "log").open("wb") as log:
            command = [sys.executable, "-m", "consultant", "up"]
            self.process = subprocess.Popen(command, env=self.env(other), cwd=ROOT, stdout=log, stderr=log)

    def rows(self, query: str) -> list[tuple[str, ...]]:
        try:
            with sqlite3.connect(f"file:{self.data / 'casebook.sqlite3'}?mode=ro", uri=True) as casebook:
                return casebook.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []

    def statuses(self) -> Counter[str]:
        return Counter(status for (status,) in self.rows("SELECT status FROM consultant_case"))

    def take(self, sender: str) -> None:
        """A letter by the door, as if from that sender."""
        head = f"From: {sender}\r\nTo: {self.address}\r\nSubject: a question\r\n"
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=20) as smtp:
            smtp.sendmail(sender, [self.address], f"{head}\r\nWhat is the CPT code for a fingerstick?\r\n")

    def add_alice(self, other: House) -> None:
        command = [sys.executable, "-m", "consultant", "user", ALICE, "--role", "reviewer"]
        subprocess.run(
            command, input=PASSWORD, env=self.env(other), cwd=ROOT, check=True, text=True, timeout=60, capture_output=True
        )

    def approve(self, case: int) -> None:
        """As Alice does at the desk."""
        desk, cookies = f"http://127.0.0.1:{self.http}", CookieJar()
        browser = build_opener(HTTPCookieProcessor(cookies))

        def post(path: str, **form: object) -> None:
            token = next(cookie.value or "" for cookie in cookies if "csrf" in cookie.name)
            browser.open(f"{desk}{path}", urlencode({**form, "csrfmiddlewaretoken": token}).encode(), timeout=20).read()

        browser.open(f"{desk}/sign-in", timeout=20).read()
        post("/sign-in", username=ALICE, password=PASSWORD)
        post(f"/case/{case}/do/approve", version=1, letters=1)


def wait_for(condition: Callable[[], object], houses: tuple[House, House], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not condition():
        told = [(house.name, house.statuses(), (house.data / "log").read_text()[-2000:]) for house in houses]
        assert time.monotonic() < until, told
        time.sleep(0.1)


@pytest.fixture
def houses(book: Codebook, tmp_path: Path) -> Iterator[tuple[House, House]]:
    both = tuple(House(name, tmp_path / name, free_port(), free_port()) for name in ("north", "south"))
    north, south = both
    for house in both:
        house.data.mkdir()
        shutil.copytree(Path(house_settings.DATA_DIR) / "codebook", house.data / "codebook")
    north.start(south)
    south.start(north)
    try:
        wait_for(lambda: listens(north.smtp) and listens(south.smtp), (north, south))
        yield north, south
    finally:
        for house in both:
            if house.process:
                house.process.send_signal(signal.SIGTERM)
        for house in both:
            if house.process:
                house.process.wait(30)


def test_two_consultants_stop_after_one_exchange(houses: tuple[House, House]) -> None:
    """Somebody writes to the one in the name of the other. The receipt and the answer reach the other, and nothing comes back."""
    north, south = houses
    north.take(south.address)
    wait_for(lambda: north.statuses() == {"drafted": 1} and south.statuses() == {"set aside": 1}, houses)

    north.add_alice(south)
    began = time.monotonic()
    north.approve(1)
    wait_for(lambda: north.statuses() == {"sent": 1} and south.statuses() == {"set aside": 2}, houses)
    assert time.monotonic() - began > UNDO_SECONDS
    assert {verdict for (verdict,) in south.rows("SELECT json_extract(triage, '$.rule') FROM consultant_case")} == {"own loop"}

    # A gateway that takes our marks away: what arrives is a question like any other, and its receipt is the last word.
    south.take(north.address)
    wait_for(
        lambda: south.statuses() == {"set aside": 2, "drafted": 1} and north.statuses() == {"sent": 1, "set aside": 1}, houses
    )
    time.sleep(3)
    assert (sum(north.statuses().values()), sum(south.statuses().values())) == (2, 3)
    assert south.rows("SELECT 1 FROM consultant_reply") == []
