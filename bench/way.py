"""From the first byte at the SMTP door to a draft on the page: 50 letters, one after the other, on the embedded defaults."""

from __future__ import annotations

import json
import os
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "consultant" / "samples"
LETTERS = 50
US = "coding@consultant.example"


def main() -> None:
    with house() as (http, smtp):
        took = [door_to_draft(http, smtp, number) for number in range(LETTERS)]
    took.sort()
    median, p95, slowest = statistics.median(took), took[int(LETTERS * 0.95)], took[-1]
    named = {"median": median, "p95": p95, "slowest": slowest}
    figures = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in named.items())
    print(f"door to draft, {LETTERS} letters: {figures}")


@contextmanager
def house() -> Iterator[tuple[int, int]]:
    """`consultant up` in a folder of its own; yields its HTTP and SMTP ports."""
    http, smtp = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        env = {name: value for name, value in os.environ.items() if not name.startswith("CONSULTANT_")} | {
            "CONSULTANT_DATA": folder,
            "CONSULTANT_HTTP_PORT": str(http),
            "CONSULTANT_SMTP_PORT": str(smtp),
            "CONSULTANT_ACKNOWLEDGE": "no",
        }
        process = subprocess.Popen([sys.executable, "-m", "consultant", "up"], env=env, stdout=subprocess.DEVNULL)
        try:
            while process.poll() is None and not listens(smtp):
                time.sleep(0.05)
            yield http, smtp
        finally:
            process.terminate()
            process.wait(60)


def door_to_draft(http: int, smtp: int, number: int) -> float:
    """Seconds from handing the letter in until the health page counts one draft more."""
    raw = letter(number)
    before = drafted(http)
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", smtp, timeout=30) as door:
        door.sendmail("bench@clinic.example", [US], raw)
        while drafted(http) == before:
            time.sleep(0.002)
        return time.perf_counter() - began


def letter(number: int) -> bytes:
    """One of the sample questions, made a letter of its own."""
    questions = [path for path in sorted(SAMPLES.glob("*.eml")) if "automatic" not in path.name]
    raw = questions[number % len(questions)].read_bytes()
    return raw.replace(b"<sample-", b"<bench-%d-" % number, 1)


def drafted(http: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{http}/health", timeout=30) as answer:
        return int(json.load(answer)["cases"].get("drafted", 0))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
