"""From an Answer to a letter: text and HTML of one fixed shape, from the templates in `templates/letters`.

Templates are sandboxed and strict: they see plain data only, an unknown name is an error, and what a letter says is never a
template. An operator's folder is looked up first, so any one template can be replaced.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from consultant.vocabulary import Answer, ClaimLine, Draft, Source, Statement

FOLDER = Path(__file__).resolve().parent / "templates" / "letters"
WIDTH = 76  # columns of the text part
LONGEST_QUOTE = 2000  # characters of the asker's letter that are quoted below the answer
DISCLAIMER = (
    "This answer rests on the letter as written and on the books named above. It is coding advice, not legal advice and no "
    "promise of payment; the medical record and the payer's own policy decide."
)
#: Said when the letter held what looks like a patient's, with the kinds of it.
PATIENT_NOTE = (
    "One thing about privacy: your letter seems to hold details of a patient ({}). We have masked them here and in what "
    "we quote. Please leave them out of your next letter: age, sex and the facts of the case are all we need."
)

#: The sections of a letter in their order: name, heading, how many sentences at most. A phone is small.
SECTIONS = (
    ("why", "Why", 6),
    ("check", "Checks", 6),
    ("correction", "Correction", 3),
    ("coverage", "Coverage", 4),
    ("document", "What the record should show", 4),
    ("change", "What would change the answer", 7),
    ("unchecked", "What was not checked", 5),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")


def compose(
    answer: Answer,
    *,
    case_number: str,
    asker_name: str,
    quoted: str,
    subject: str = "",
    masked: Sequence[str] = (),
    template_dirs: Sequence[Path] = (),
) -> Draft:
    """The answer as a letter for a reviewer's decision. `masked`: what of patients was taken out of the quoted question."""
    statements, sources = _numbered(answer)
    context = {
        **_frame(case_number, asker_name, quoted, masked),
        "verdict": answer.verdict,
        "answered": answer.answered,
        "lines": [_shown(line) for line in answer.lines],
        "show_pointers": any(line.pointer for line in answer.lines),
        "show_modifiers": any(line.modifiers for line in answer.lines),
        "show_units": any(line.units for line in answer.lines),
        "do_not_report": list(answer.do_not_report),
        "sections": [
            {"name": name, "heading": heading, "statements": [s for s in statements if s["section"] == name]}
            for name, heading, _ in SECTIONS
            if any(s["section"] == name for s in statements)
        ],
        "ask_back": answer.ask_back,
        "sources": sources,
        "codebook": answer.codebook,
        "on": f"{answer.on.day} {answer.on:%B %Y}",
    }
    return _draft("answer", subject, context, template_dirs, answer)


def _shown(line: ClaimLine) -> dict[str, Any]:
    told = {"code": line.code, "modifiers": " ".join(line.modifiers), "units": line.units or ""}
    return {**told, "title": line.title, "pointer": line.pointer}


def clarify(
    *,
    question: str,
    case_number: str,
    asker_name: str,
    quoted: str,
    subject: str = "",
    masked: Sequence[str] = (),
    template_dirs: Sequence[Path] = (),
) -> Draft:
    """A letter that asks the sender one thing before an answer can be given."""
    return _draft(
        "clarify", subject, {**_frame(case_number, asker_name, quoted, masked), "question": clean(question)}, template_dirs
    )


def decline(
    *,
    reason: str,
    case_number: str,
    asker_name: str,
    quoted: str,
    subject: str = "",
    masked: Sequence[str] = (),
    template_dirs: Sequence[Path] = (),
) -> Draft:
    """A letter that says why there will be no answer."""
    return _draft("decline", subject, {**_frame(case_number, asker_name, quoted, masked), "reason": clean(reason)}, template_dirs)


def acknowledge(
    *, case_number: str, asker_name: str, subject: str = "", masked: Sequence[str] = (), template_dirs: Sequence[Path] = ()
) -> Draft:
    """The receipt: your letter is here, under this number. It quotes nothing, because it may reach a forged address."""
    return _draft("acknowledge", subject, _frame(case_number, asker_name, "", masked), template_dirs)


def html_of(text: str) -> str:
    """A reviewer's plain text as the HTML part of the same letter."""
    paragraphs = [escape(part) for part in re.split(r"\n{2,}", clean(text).strip())]
    body = Markup("\n").join(
        Markup('<p style="margin:0 0 1em">{}</p>').format(p.replace("\n", Markup("<br>\n"))) for p in paragraphs
    )
    return str(_environment(()).get_template("page.html").render(body=body))


def subject_line(subject: str) -> str:
    """ "Re: …" on one line: without control characters, without a row of Re:s, at most 200 characters."""
    plain = " ".join(_CONTROL.sub(" ", subject[:1000]).split())
    while (shorter := re.sub(r"^(?:re|aw|sv|fw|fwd)\s?:\s?", "", plain, flags=re.IGNORECASE)) != plain:
        plain = shorter
    return f"Re: {plain[:196].rstrip() or 'Your coding question'}"


def clean(text: str) -> str:
    """Text without control and direction characters, lines ended by newlines."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _frame(case_number: str, asker_name: str, quoted: str, masked: Sequence[str]) -> dict[str, Any]:
    """What every letter shows. A name that holds anything but a name is left out of the greeting."""
    name = " ".join(clean(asker_name).split())
    kept = clean(quoted).strip()
    shown = kept if len(kept) <= LONGEST_QUOTE else f"{kept[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
    return {
        "name": name if re.fullmatch(r"[^\W\d_][\w .,'’-]{0,60}", name) else "",
        "case_number": clean(case_number),
        "quoted": shown,
        "disclaimer": DISCLAIMER,
        "patient_note": PATIENT_NOTE.format(", ".join(masked)) if masked else "",
    }


def _numbered(answer: Answer) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The statements that are printed, each with the numbers of its sources, and the sources in the order of their first use."""
    known = {source.id: source for source in answer.sources}
    numbers: dict[str, int] = {}
    printed: list[dict[str, Any]] = []
    for name, _, most in SECTIONS:
        for statement in [s for s in answer.statements if s.section == name][:most]:
            refs = [numbers.setdefault(key, len(numbers) + 1) for key in _cited(statement, known)]
            printed.append({"section": name, "text": statement.text, "refs": refs})
    sources = [{"number": number, "text": _source_line(known[key])} for key, number in numbers.items()]
    return printed, sources


def _cited(statement: Statement, known: Mapping[str, Source]) -> list[str]:
    return [key for key in statement.sources if key in known][:3]


def _source_line(source: Source) -> str:
    where = f", {source.where}" if source.where else ""
    return f"{source.title}{where} ({source.version})"


def _draft(
    name: str, subject: str, context: Mapping[str, Any], template_dirs: Sequence[Path], answer: Answer | None = None
) -> Draft:
    environment = _environment(tuple(template_dirs))
    version = _version(tuple(template_dirs), name)
    context = {**context, "form": version}
    text = environment.get_template(f"{name}.txt").render(context)
    html = environment.get_template(f"{name}.html").render(context)
    return Draft(subject_line(subject), re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", html, answer, version)


@lru_cache(maxsize=32)
def _version(template_dirs: tuple[Path, ...], name: str) -> str:
    """The letter's name and twelve digits of the digest of all that it is made from: an operator's own template has its own."""
    loader = _environment(template_dirs).loader
    digest = hashlib.sha256()
    for part in (f"{name}.txt", f"{name}.html", "page.html", "quoted.html"):
        source, _, _ = loader.get_source(_environment(template_dirs), part) if loader else ("", None, None)
        digest.update(source.encode())
    return f"{name}-{digest.hexdigest()[:12]}"


@lru_cache(maxsize=8)
def _environment(template_dirs: tuple[Path, ...]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([*map(str, template_dirs), str(FOLDER)]),
        undefined=StrictUndefined,
        autoescape=_is_html,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrapped"] = _wrapped
    environment.filters["quoted"] = _quoted
    environment.filters["lines_of"] = _lines_of
    return environment


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html")


@lru_cache(maxsize=2048)  # the same rules and sources stand in letter after letter
def _wrapped(text: str, indent: str = "", first: str = "") -> str:
    """A paragraph of the text part: `first` before its first line, `indent` before the others."""
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _quoted(text: str) -> str:
    """The asker's words with "> " before each line."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines += textwrap.wrap(line, WIDTH - 2) or [""]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _lines_of(text: str) -> list[str]:
    return text.split("\n")
