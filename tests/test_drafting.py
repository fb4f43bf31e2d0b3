"""The letters: fixed shape, nothing empty, nothing executed."""

import re
from datetime import date
from pathlib import Path

import pytest
from jinja2.exceptions import SecurityError, UndefinedError

from consultant import advice, classifier, drafting, question
from consultant.codebook import Codebook
from consultant.vocabulary import Draft
from tests.timed import made_in_time

TODAY = date(2026, 11, 22)
HOSTILE = "{{ 731 * 877 }} {% for x in range(9) %}x{% endfor %} <script>alert(1)</script> <img src=x onerror=alert(1)> ${731*877}"


def draft(text: str, book: Codebook, **more: object) -> Draft:
    answer = advice.advise(classifier.classify(question.read(text, today=TODAY), book, TODAY), book)
    given: dict[str, object] = {
        "case_number": "C-2026-0007",
        "asker_name": "Charlie",
        "quoted": text,
        "subject": "Units?",
        **more,
    }
    return drafting.compose(answer, **given)  # type: ignore[arg-type]


def test_a_letter_has_its_shape_in_order(book: Codebook) -> None:
    text = draft("debrided 45 sq cm of muscle in a hip wound, Medicare", book).text
    parts = [
        "Hello Charlie,",
        "Report ",
        "11043",
        "WHY",
        "CHECKS",
        "WHAT WOULD CHANGE",
        "NOT CHECKED",
        "SOURCES",
        "C-2026-0007",
        "> debrided",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_nothing_empty_is_printed(book: Codebook) -> None:
    for text in ("is N39.3 billable?", "debrided a wound, what code?", "hello there"):
        letter = draft(text, book)
        for heading in ("WHY", "CHECKS", "CORRECTION", "SOURCES"):
            if f"\n{heading}\n" in letter.text:
                assert re.search(rf"\n{heading}\n(?:-|\[1\])", letter.text)
        assert "None" not in letter.text
        assert "\n\n\n" not in letter.text


def test_every_number_in_brackets_has_its_source(book: Codebook) -> None:
    text = draft("Medicare: 24 minutes exercise and 23 minutes manual therapy. Units?", book).text
    body, sources = text.split("\nSOURCES\n")
    used = {int(n) for group in re.findall(r"\[(\d+(?:,\s+\d+)*)\]", body) for n in group.split(",")}
    listed = {int(n) for n in re.findall(r"^\[(\d+)\]", sources, re.MULTILINE)}
    assert used == listed


def test_a_hostile_question_is_plain_text(book: Codebook) -> None:
    letter = draft(HOSTILE, book, asker_name="{{ 731*877 }}", subject="{{ 731*877 }}\r\nBcc: all@example.org")
    assert "641087" not in letter.text
    assert "{{ 731 * 877 }}" in letter.text
    assert "<script>" not in letter.html
    assert "<img" not in letter.html
    assert "&lt;script&gt;" in letter.html
    assert letter.subject == "Re: {{ 731*877 }} Bcc: all@example.org"
    assert letter.text.startswith("Hello,")


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Units?", "Re: Units?"),
        ("Re: RE: Fwd: Units?", "Re: Units?"),
        ("", "Re: Your coding question"),
        ("a\r\nTo: x", "Re: a To: x"),
        ("\u202eevil\x00", "Re: evil"),
    ],
)
def test_a_subject_is_one_line(subject: str, expected: str) -> None:
    assert drafting.subject_line(subject) == expected


def test_an_operator_can_replace_one_template(tmp_path: Path, book: Codebook) -> None:
    (tmp_path / "clarify.txt").write_text("Our own words: {{ question }}", encoding="utf8")
    given = {"question": "Which side?", "case_number": "C-1", "asker_name": "", "quoted": "", "subject": ""}
    assert drafting.clarify(**given, template_dirs=(tmp_path,)).text == "Our own words: Which side?\n"
    assert "Which side?" in drafting.clarify(**given).html


def test_an_operators_template_can_not_reach_into_the_house(tmp_path: Path) -> None:
    (tmp_path / "acknowledge.txt").write_text("{{ case_number.__class__.__mro__ }}", encoding="utf8")
    with pytest.raises(SecurityError):
        drafting.acknowledge(case_number="C-1", asker_name="", template_dirs=(tmp_path,))


def test_a_template_that_asks_for_an_unknown_name_fails_loudly(tmp_path: Path) -> None:
    (tmp_path / "acknowledge.txt").write_text("{{ nobody }}", encoding="utf8")
    with pytest.raises(UndefinedError):
        drafting.acknowledge(case_number="C-1", asker_name="", template_dirs=(tmp_path,))


def test_the_other_letters_name_the_case(book: Codebook) -> None:
    about = {"case_number": "C-9", "asker_name": "Charlie", "subject": "Units?"}
    letters = [
        drafting.acknowledge(**about),
        drafting.decline(reason="This is legal advice.", quoted="May we sue?", **about),
        drafting.clarify(question="Which payer?", quoted="Is it covered?", **about),
    ]
    for letter in letters:
        assert "C-9" in letter.text
        assert "C-9" in letter.html
        assert "Charlie" in letter.text
    assert "You wrote" not in letters[0].text


def test_a_reviewers_text_becomes_html_without_its_tags_working() -> None:
    html = drafting.html_of("Dear Charlie,\n\nuse <b>97140</b>.\nBye")
    assert "&lt;b&gt;97140&lt;/b&gt;.<br>" in html
    assert html.count("<p ") == 2


def test_a_long_letter_is_quoted_in_part(book: Codebook) -> None:
    assert len(draft("is N39.3 billable? " + "blah " * 20_000, book).text) < 8000


@pytest.mark.parametrize(
    "part",
    [
        *("e-stim ", "wound debrided 20 sq cm muscle ", "99213-25 x2 ", "N39.3 R32 ", "{{ 7 }} ", "no ", "((((", "right left "),
        *("vaccine mmr counseled ", "not due to hypertension ", "bls local ", "neck adjusted ", "modifier after two weeks "),
    ],
)
def test_a_hostile_letter_of_100_kb_becomes_an_ordinary_draft(part: str, book: Codebook) -> None:
    draft("is N39.3 billable?", book)
    letter = made_in_time(lambda text: draft(text, book), part)
    assert len(letter.text) < 20_000
