"""`consultant read`, run as people and scripts run it: a process, no database."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

MAILS = Path(__file__).parent / "mails"


def consultant(*args: str, given: str = "", data: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DATABASE_URL": "postgres://nobody:none@127.0.0.1:1/none"}  # any touch of it would fail
    env |= {"CONSULTANT_DATA": str(data)} if data else {}
    command = [sys.executable, "-m", "consultant", "read", *args]
    return subprocess.run(command, input=given, capture_output=True, text=True, encoding="utf8", env=env, timeout=60, check=False)


def answers(*requests: Any) -> list[dict[str, Any]]:
    lines = "\n".join(request if isinstance(request, str) else json.dumps(request) for request in requests)
    ran = consultant("--jsonl", given=lines + "\n")
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_a_script_gets_one_answer_per_line_and_bad_lines_are_answered_too() -> None:
    raw = base64.b64encode((MAILS / "attachment_names_with_tricks.eml").read_bytes()).decode()
    first, second, third, fourth, fifth, sixth = answers(
        {"id": 1, "suite": "parse", "raw_b64": raw},
        {"id": 2, "text": "Left.\n\nOn 3/2/26 9:15, Desk wrote:\n> Side?"},
        {"id": 3, "html": "<p>1 &lt; 2</p><blockquote>Side?</blockquote>"},
        "no JSON at all",
        {"id": 5, "raw_b64": 17},
        {"id": 6},
    )
    assert set(first) >= {"id", "reply", "from", "to", "subject", "text", "html", "attachments", "class"}
    assert first["attachments"][1] == {"filename": "notes.txt", "size": 6, "sha1": hashlib.sha1(b"inside").hexdigest()}
    assert second == {"id": 2, "reply": "Left."}
    assert third == {"id": 3, "reply": "1 &lt; 2"}
    assert [bool(answer["error"]) for answer in (fourth, fifth, sixth)] == [True, True, True]
    assert (fifth["id"], sixth["id"]) == (5, 6)


def test_bounces_and_robots_have_their_class_and_noise_is_quarantined() -> None:
    names = (
        "bounce_of_our_reply",
        "out_of_office_without_any_header",
        "spam_complaint",
        "plain_question",
        "no_header_only_noise",
    )
    found = answers(*({"id": name, "raw_b64": base64.b64encode((MAILS / f"{name}.eml").read_bytes()).decode()} for name in names))
    assert [answer["class"] for answer in found] == ["bounce", "autoreply", "feedback", "normal", "normal"]
    assert found[-1]["quarantined"]


def test_a_person_sees_a_page() -> None:
    page = consultant(str(MAILS / "signature_phone_and_disclaimer.eml")).stdout
    assert "From      Alice Moreno <alice@clinic.example>" in page
    assert "Verdict   question." in page
    assert page.rstrip().endswith("(quotes and signature are left out above)")


def test_a_script_may_ask_for_one_letter_as_json() -> None:
    assert json.loads(consultant(str(MAILS / "plain_question.eml"), "--json").stdout)["from"] == "alice@clinic.example"


def test_a_missing_file_is_one_clear_sentence() -> None:
    ran = consultant("nowhere.eml")
    assert ran.returncode == 2
    assert ran.stderr.strip().endswith("There is no file nowhere.eml.")
    assert "Traceback" not in ran.stderr


def test_no_file_at_all_says_what_to_name() -> None:
    ran = consultant()
    assert (ran.returncode, "Name the file" in ran.stderr) == (2, True)


def test_reading_leaves_no_trace_in_the_data_folder(tmp_path: Path) -> None:
    consultant(str(MAILS / "plain_question.eml"), data=tmp_path / "var")
    assert not (tmp_path / "var").exists()
