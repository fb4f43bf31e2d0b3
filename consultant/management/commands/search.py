"""`consultant search "WORDS"`: codes by words; `--jsonl` answers a stream of questions, a line each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from consultant.codebook import Codebook, codes
from consultant.management import book
from consultant.vocabulary import Hit, dump

MOST = 100  # hits that one question can ask for
LONGEST = 1_000_000  # characters of one request


class Command(BaseCommand):
    help = "Find codes by words, abbreviations, beginnings of codes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", nargs="?", help="what was found or done, in any words")
        parser.add_argument("--system", metavar="S", help="only codes of this system: CPT, HCPCS, ICD-10-CM, MODIFIER, POS")
        parser.add_argument("--date", type=book.day, metavar="YYYY-MM-DD", help="only codes in force on that day, ended ones too")
        parser.add_argument("--limit", type=int, default=10, help="hits at most (10)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--jsonl", action="store_true", help='answer {"id","query","system"?,"limit"?,"date"?} lines of stdin'
        )

    def handle(self, *args: Any, words: str | None, system: str | None, date: date | None, limit: int, **options: Any) -> None:
        opened = book.opened()
        if options["jsonl"]:
            for line in answers(opened, sys.stdin):
                self.stdout.write(line)
                self.stdout.flush()
            return
        if not words:
            raise CommandError("Say what to search for, or give --jsonl.", returncode=2)
        hits = opened.search(words, book.system(system), max(1, min(limit, MOST)), date)
        if options["json"]:
            reply = {"query": words, "hits": dump_hits(hits), "codebook": opened.version}
            self.stdout.write(json.dumps(reply, ensure_ascii=False))
        else:
            show(hits, book.console(self.stdout))


def answers(opened: Codebook, lines: Iterable[str]) -> Iterator[str]:
    """One JSON line per request line, in order; a bad request gives {"id","error"} and never stops the stream."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(opened, line), ensure_ascii=False)


def _answer(opened: Codebook, line: str) -> dict[str, Any]:
    key: Any = None
    try:
        if len(line) > LONGEST:
            raise ValueError(f"the request is longer than {LONGEST} characters")
        request = json.loads(line)
        if not isinstance(request, dict):
            raise TypeError("a request is a JSON object")
        key = request.get("id")
        return {"id": key, "hits": [{"code": h.code, "system": h.system, "score": h.score} for h in _hits(opened, request)]}
    except Exception as error:  # noqa: BLE001 - one bad request must not end the stream
        return {"id": key, "error": str(error) or type(error).__name__}


def _hits(opened: Codebook, request: dict[str, Any]) -> list[Hit]:
    words, name, limit = request.get("query"), request.get("system"), request.get("limit", 10)
    if not isinstance(words, str):
        raise TypeError('"query" must be text')
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise TypeError('"limit" must be a whole number')
    system = codes.system(str(name)) if name else None
    if name and system is None:
        raise ValueError(f"there is no system {name}")
    on = date.fromisoformat(request["date"]) if request.get("date") else None
    return opened.search(words, system, max(1, min(limit, MOST)), on)


def dump_hits(hits: list[Hit]) -> list[Any]:
    return [dump(hit) for hit in hits]


def show(hits: list[Hit], out: Console) -> None:
    """The hits for people: code, title, and which words met what."""
    if not hits:
        out.print("Nothing in the book has these words. Try fewer, or the name of the condition or the act.")
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(style="dim", justify="right", no_wrap=True)
    table.add_column(style="dim", overflow="fold")
    for hit in hits:
        met = "; ".join(
            f"{', '.join(w for w, f in hit.words.items() if f == field)}: {field}" for field in dict.fromkeys(hit.words.values())
        )
        table.add_row(hit.code, _plain(hit.title), f"{hit.score:.2f}", _plain(met))
    out.print(table)


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
