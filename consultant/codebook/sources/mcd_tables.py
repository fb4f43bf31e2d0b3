"""The tables of the Medicare Coverage Database: which fields tell them, and what row each record becomes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from consultant.codebook.codes import dotted

Record = Mapping[str, str]

MOST_TEXT = 60_000  # characters of a document's prose
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{2})-(\d{2})")
_NO_DAY = {"", "N/A", "NULL", "NONE"}
_DISPLAY = re.compile(r"(D?[AL])?([0-9]{1,9})")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})[^<>]{0,2000}>")
_HIDING = re.compile(r"(<!--|<(?:script|style)\b)|(-->|</(?:script|style)\s{0,9}>)", re.IGNORECASE)
_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
_IDS = {"A": ("article_id", "article_version"), "L": ("lcd_id", "lcd_version")}
_MARKS = {"0": "", "N": ""}
_CODE = re.compile(r"[0-9A-Z]{5}")
_ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Layout:
    """One table. `needs`: the fields that tell it; `row`: (record, source) → a row, raising ValueError or KeyError."""

    title: str
    table: str
    needs: frozenset[str]
    row: Callable[[Record, str], tuple[Any, ...]]


def plain(prose: str) -> str:
    """HTML as text: blocks become lines, all else goes; entities are read. Linear."""
    if "<" in prose:
        prose = _TAG.sub(lambda tag: "\n" if tag[2].lower() in _BLOCKS else "", _shown(prose))
    lines = (" ".join(line.split()) for line in html.unescape(prose).replace("\xa0", " ").splitlines())
    return "\n".join(filter(None, lines))


def _shown(prose: str) -> str:
    """Without comments, scripts and styles; one that is never closed hides the rest."""
    parts, at, hidden = [], 0, False
    for mark in _HIDING.finditer(prose):
        if not hidden and mark[1]:
            parts.append(prose[at : mark.start()])
            hidden = True
        elif hidden and mark[2]:
            at, hidden = mark.end(), False
    return " ".join(parts if hidden else [*parts, prose[at:]])


def day(text: str) -> int | None:
    """`08/14/2025`, `2025-08-14`, or `2025-08-14 00:00:00` as 20250814; None for "" and `N/A`."""
    if text.strip().upper() in _NO_DAY:
        return None
    found = _DAY.match(text.strip())
    if found is None:
        raise ValueError(f"{text[:20]!r} is no day")
    year, month, of_month = (found[3], found[1], found[2]) if found[3] else (found[4], found[5], found[6])
    if not (1 <= int(month) <= 12 and 1 <= int(of_month) <= 31):
        raise ValueError(f"{text[:20]!r} is no day")
    return int(year) * 10000 + int(month) * 100 + int(of_month)


@lru_cache(maxsize=100_000)
def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}(?:\.0)?", text.strip()):
        raise ValueError(f"{text[:20]!r} is no number")
    return int(text.strip().removesuffix(".0"))


def _key(letter: str, record: Record) -> tuple[str, int]:
    """("A52420", 14): articles and LCDs are numbered alike, so the letter that CMS prints belongs to the number."""
    number, version = _IDS[letter]
    return f"{letter}{_number(record[number])}", _number(record[version])


def _listed(record: Record, source: str) -> tuple[Any, ...]:
    """A line of the reports of local documents."""
    number, kind = _number(record["document_id"]), record["document_type"].strip()
    display = _DISPLAY.fullmatch(record["document_display_id"].strip())
    if display is None or int(display[2]) != number:
        raise ValueError(f"{record['document_display_id'][:20]!r} is not the document {number}")
    return (
        f"{display[1] or ('L' if 'LCD' in kind else 'A')}{number}",
        _number(record["document_version"]),
        source,
        kind,
        plain(record["title"]),
        ", ".join(plain(record["contractor_name_type"]).split("\n")),
        "",
        day(record["effective_date"]),
        day(record["retirement_date"]),
        day(record["updated_on"]),
        plain(record.get("note", "")),
        record.get("url", "").strip(),
        "",
    )


def _national(record: Record, source: str) -> tuple[Any, ...]:
    """A line of the report of national determinations, or a determination with its text."""
    texts = (plain(record.get(name, "")) for name in ("item_service_description", "indications_limitations"))
    display = record["document_display_id"].strip() or record["document_id"].strip()
    return (
        f"NCD {display}",
        _number(record["document_version"]),
        source,
        "NCD",
        plain(record["title"]),
        "",
        record.get("document_status", "").strip(),
        day(record.get("effective_date", "")),
        day(record.get("effective_end_date", "")),
        day(record.get("last_updated", "")),
        "",
        record.get("url", "").strip(),
        "\n".join(filter(None, texts))[:MOST_TEXT],
    )


def _document(letter: str, kind: str, starts: tuple[str, ...], ends: tuple[str, ...], prose: str) -> Callable[..., Any]:
    """The row of an article or LCD: it ends on the earliest of the days that its record gives."""

    def row(record: Record, source: str) -> tuple[Any, ...]:
        begun = (day(record.get(name, "")) for name in starts)
        ended = (day(record.get(name, "")) for name in ends)
        return (
            *_key(letter, record),
            source,
            kind,
            plain(record["title"]),
            "",
            record.get("status", "").strip(),
            next(filter(None, begun), None),
            min(filter(None, ended), default=None),
            day(record.get("last_updated", "")),
            "",
            "",
            plain(record.get(prose, ""))[:MOST_TEXT],
        )

    return row


def _code(letter: str, role: str, field: str, part: str, shape: re.Pattern[str]) -> Callable[..., Any]:
    written = lru_cache(maxsize=200_000)(partial(_written, shape=shape))  # a million rows name some ten thousand codes

    def row(record: Record, source: str) -> tuple[Any, ...]:
        group = record.get(part, "")
        mark = record.get("asterisk", "").strip()
        return *_key(letter, record), role, _number(group) if group else 0, written(record[field]), _MARKS.get(mark, mark), source

    return row


def _written(code: str, shape: re.Pattern[str]) -> str:
    """The code as the book writes it."""
    bare = code.strip().upper()
    if not shape.fullmatch(bare):
        raise ValueError(f"{bare[:12]!r} is no code here")
    return dotted(bare) if shape is _ICD10 else f"-{bare}" if shape is _MODIFIER else bare


def _part(letter: str, role: str, part: str) -> Callable[..., Any]:
    def row(record: Record, source: str) -> tuple[Any, ...]:
        return *_key(letter, record), role, _number(record[part]), plain(record["paragraph"])[:MOST_TEXT], source

    return row


def _contracted(letter: str) -> Callable[..., Any]:
    def row(record: Record, source: str) -> tuple[Any, ...]:
        return *_key(letter, record), _number(record["contractor_id"]), _number(record["contractor_version"]), source

    return row


def _contractor(name: str, number: str, record: Record, source: str) -> tuple[Any, ...]:
    return (
        _number(record["contractor_id"]),
        _number(record["contractor_version"]),
        record[number].strip(),
        plain(record[name]),
        source,
    )


def _layout(title: str, table: str, fields: str, row: Callable[..., Any]) -> Layout:
    return Layout(title, table, frozenset(fields.split()), row)


_REPORT = "document_id document_version document_display_id document_type title"
_ARTICLE = _document(
    "A", "Article", ("article_eff_date",), ("article_end_date", "article_rev_end_date", "date_retired"), "description"
)
_LCD = _document(
    "L", "LCD", ("rev_eff_date", "orig_det_eff_date"), ("rev_end_date", "ent_det_end_date", "date_retired"), "indication"
)

#: The first whose fields are all there is the table.
LAYOUTS: dict[str, Layout] = {
    "list": _layout(
        "list of local documents",
        "document",
        f"{_REPORT} contractor_name_type effective_date retirement_date updated_on",
        _listed,
    ),
    "ncd-list": _layout("list of national determinations", "document", f"{_REPORT} document_status last_updated", _national),
    "ncd": _layout(
        "national determinations",
        "document",
        "document_id document_version document_display_id title effective_date indications_limitations",
        _national,
    ),
    "article": _layout("articles", "document", "article_id article_version title article_eff_date status", _ARTICLE),
    "lcd": _layout("local determinations", "document", "lcd_id lcd_version title orig_det_eff_date rev_eff_date", _LCD),
    "contractor": _layout(
        "contractors",
        "contractor",
        "contractor_id contractor_version contract_number contractor_name",
        partial(_contractor, "contractor_name", "contract_number"),
    ),
    "contractor-export": _layout(
        "contractors",
        "contractor",
        "contractor_id contractor_version contractor_number contractor_bus_name",
        partial(_contractor, "contractor_bus_name", "contractor_number"),
    ),
}

for _letter, _name in (("A", "article"), ("L", "lcd")):
    _ids = f"{_name}_id {_name}_version"
    LAYOUTS |= {
        f"{_name}-hcpcs": _layout(
            f"procedure codes of {_name}s",
            "document_code",
            f"{_ids} hcpc_code_id hcpc_code_group range",
            _code(_letter, "procedure", "hcpc_code_id", "hcpc_code_group", _CODE),
        ),
        f"{_name}-modifier": _layout(
            f"modifiers of {_name}s",
            "document_code",
            f"{_ids} hcpc_modifier_code_id hcpc_modifier_group",
            _code(_letter, "modifier", "hcpc_modifier_code_id", "hcpc_modifier_group", _MODIFIER),
        ),
        f"{_name}-contractor": _layout(
            f"contractors of {_name}s",
            "document_contractor",
            f"{_ids} contractor_id contractor_version",
            _contracted(_letter),
        ),
    }
    for _role in ("covered", "noncovered"):
        LAYOUTS |= {
            f"{_name}-icd10-{_role}": _layout(
                f"diagnoses of {_name}s, {_role}",
                "document_code",
                f"{_ids} icd10_code_id icd10_{_role}_group",
                _code(_letter, _role, "icd10_code_id", f"icd10_{_role}_group", _ICD10),
            ),
            f"{_name}-icd10-{_role}-group": _layout(
                f"groups of diagnoses of {_name}s, {_role}",
                "document_part",
                f"{_ids} icd10_{_role}_group paragraph",
                _part(_letter, _role, f"icd10_{_role}_group"),
            ),
        }
