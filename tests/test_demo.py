"""`consultant demo` as a newcomer starts it, kills it and starts it again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import smtplib
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as house_settings

from consultant.codebook import Codebook
from tests.conftest import letter
from tests.peers import free_port

pytestmark = pytest.mark.timeout(180)
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Demo:
    data: Path
    http: int
    smtp: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith("CONSULTANT_")} | {
            "CONSULTANT_DATA": str(self.data),
            "CONSULTANT_HTTP_PORT": str(self.http),
            "CONSULTANT_SMTP_PORT": str(self.smtp),
        }
        with (self.data / "screen").open("wb") as screen:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "consultant", "demo"], env=env, cwd=ROOT, stdout=screen, stderr=screen
            )

    def stop(self, how: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(how)
        return self.process.wait(60)

    @property
    def screen(self) -> str:
        return (self.data / "screen").read_text()

    def cases(self) -> dict[str, int]:
        try:
            with sqlite3.connect(f"file:{self.data / 'casebook.sqlite3'}?mode=ro", uri=True) as rows:
                return dict(rows.execute("SELECT status, count(*) FROM consultant_case GROUP BY status").fetchall())
        except sqlite3.OperationalError:
            return {}


@pytest.fixture
def demo(book: Codebook, tmp_path: Path) -> Demo:
    shutil.copytree(Path(house_settings.DATA_DIR) / "codebook", tmp_path / "codebook")
    return Demo(tmp_path, free_port(), free_port())


def wait_for(condition: Callable[[], object], demo: Demo, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, demo.screen
        time.sleep(0.02)


def test_ten_letters_are_drafted_or_set_aside_and_a_kill_loses_and_doubles_none(demo: Demo) -> None:
    demo.start()
    wait_for(lambda: sum(demo.cases().values()) >= 3, demo)
    demo.stop(signal.SIGKILL)

    demo.start()
    wait_for(lambda: "Stop " in demo.screen, demo)
    assert demo.cases() == {"drafted": 9, "set aside": 1}

    facts = json.loads((demo.data / "demo.json").read_text())
    assert facts["url"] == f"http://127.0.0.1:{demo.http}"
    assert facts["smtp_port"] == demo.smtp
    assert facts["password"] in demo.screen
    assert (demo.data / "demo.json").stat().st_mode & 0o777 == 0o600
    assert (demo.data / "secret.key").stat().st_mode & 0o777 == 0o600

    with urllib.request.urlopen(f"{facts['url']}/health") as answer:
        health = json.load(answer)
    assert (health["status"], health["cases"]["drafted"], health["sending"]) == ("ok", 9, "on")

    with smtplib.SMTP("127.0.0.1", demo.smtp, timeout=20) as smtp:
        smtp.sendmail("you@clinic.example", ["coding@consultant.example"], letter(message_id="<eleventh@clinic.example>"))
    wait_for(lambda: demo.cases().get("drafted") == 10, demo)

    assert demo.stop(signal.SIGINT) == 0
    assert "Stopped." in demo.screen

    demo.start()
    wait_for(lambda: "Stop " in demo.screen, demo)
    assert demo.cases() == {"drafted": 10, "set aside": 1}
    assert json.loads((demo.data / "demo.json").read_text())["password"] == facts["password"]
    demo.stop(signal.SIGTERM)


def test_a_port_in_use_is_one_sentence(demo: Demo) -> None:
    import socket

    with socket.create_server(("127.0.0.1", demo.http)):
        demo.start()
        assert demo.process
        assert demo.process.wait(60) == 1
    assert demo.screen.strip().endswith("CONSULTANT_HTTP_PORT chooses another.")
    assert "Traceback" not in demo.screen
