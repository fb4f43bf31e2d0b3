"""`consultant ask`: the contract that scripts outside the house rely on."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from consultant.codebook import Codebook

FIELDS = {
    "codes",
    "report",
    "do_not_report",
    "units",
    "topic",
    "topics",
    "confidence",
    "answered",
    "ask_back",
    "text",
    "sources",
    "codebook",
    "ms",
}


def ask(*arguments: str, feed: bytes = b"", data: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "CONSULTANT_DATA": str(data or settings.DATA_DIR)}
    command = [sys.executable, "-m", "consultant", "ask", *arguments]
    return subprocess.run(command, input=feed, capture_output=True, env=environment, timeout=60, cwd=Path(__file__).parent.parent)


def test_charlie_asks_in_words_and_reads_a_letter(book: Codebook) -> None:
    done = ask("What is the CPT code for pelvic floor biofeedback, first 15 minutes?")
    assert done.returncode == 0, done.stderr.decode()
    assert "90912" in done.stdout.decode()
    assert "90913" in done.stdout.decode()


def test_an_answer_as_json_holds_every_field(book: Codebook) -> None:
    found = json.loads(ask("is N39.3 billable?", "--json", "--date", "2026-05-01").stdout)
    assert set(found) == FIELDS
    assert found["report"] == ["N39.3"]
    assert {"code", "system", "score", "why"} == set(found["codes"][0])


def test_a_bad_line_gets_an_error_and_the_next_an_answer(book: Codebook) -> None:
    lines = [
        b'{"id": 1, "question": "is N39.3 billable?"}',
        b"not json",
        b'{"id": 3}',
        b"[]",
        b'{"id": 5, "question": "97140", "date": "soon"}',
        b"\xff",
    ]
    done = ask("--jsonl", feed=b"\n".join([*lines, b""]))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr.decode()
    assert [a["id"] for a in answers] == [1, None, 3, None, 5, None]
    assert set(answers[0]) == FIELDS | {"id"}
    assert all("error" in a for a in answers[1:])


def test_a_missing_codebook_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    done = ask("is N39.3 billable?", data=tmp_path)
    assert done.returncode == 2
    assert b"consultant codebook build" in done.stderr
    assert b"Traceback" not in done.stderr


def test_no_question_and_no_date_are_told_in_one_sentence(book: Codebook) -> None:
    assert ask("").returncode == 2
    wrong = ask("97140?", "--date", "yesterday")
    assert wrong.returncode == 2
    assert b"YYYY-MM-DD" in wrong.stderr
