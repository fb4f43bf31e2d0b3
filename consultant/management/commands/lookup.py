"""`consultant lookup CODE`: what the book says of one code."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandParser
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from consultant.codebook import Codebook, Lookup
from consultant.management import book
from consultant.vocabulary import Note, dump

SHOWN = 40  # children and joins that are listed; --json has them all


class Command(BaseCommand):
    help = "Look up one code: title, whether it can be billed, notes, joins, source."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help='in any spelling: n393, N39.3, 97140, -59, "POS 22"')
        parser.add_argument("--date", type=book.day, metavar="YYYY-MM-DD", help="the date of service (today)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, code: str, date: date | None, json: bool, **options: Any) -> None:
        opened = book.opened()
        found = opened.lookup(code, date)
        if json:
            self.stdout.write(as_json(found, opened))
        else:
            show(found, opened, book.console(self.stdout))
        if found.record is None:
            raise SystemExit(1)


def as_json(found: Lookup, opened: Codebook) -> str:
    return json.dumps({**dump(found), "codebook": opened.version}, ensure_ascii=False)


def show(found: Lookup, opened: Codebook, out: Console) -> None:
    """The answer for people."""
    record = found.record
    if record is None:
        out.print(escape(found.status))
        for hit in found.nearest:
            out.print(f"  [bold]{hit.code}[/]  {escape(hit.title)}")
        return
    out.print(f"[bold]{record.code}[/]  {escape(record.title)}")
    out.print(f"[dim]{record.system}{'' if record.official else ', in our own words'}[/]")
    out.print(f"\n{escape(found.status)}")
    if found.successors:
        out.print(f"Its place was taken by [bold]{', '.join(found.successors)}[/].")
    if record.plain:
        out.print(f"\n{escape(record.plain)}")
    _facts(found, out)
    _children(found, out)
    _joins(found, out)
    _notes(found.notes, record.code, out)
    out.print(f"\n[dim]Source: {escape(record.source.title)} ({escape(record.source.version)}), codebook {opened.version}.[/]")


def _facts(found: Lookup, out: Console) -> None:
    if found.record and found.record.facts:
        out.print()
        for name, value in found.record.facts.items():
            out.print(f"  {escape(name.replace('_', ' '))}: {escape(str(value))}")


def _children(found: Lookup, out: Console) -> None:
    if found.children:
        out.print("\nUnder it:")
    for child in found.children[:SHOWN]:
        out.print(f"  [bold]{child.code}[/]  {escape(child.title)}{'' if child.billable else ' [dim](a heading)[/]'}")
    if len(found.children) > SHOWN:
        out.print(f"  … and {len(found.children) - SHOWN} more")


def _joins(found: Lookup, out: Console) -> None:
    if found.addons:
        out.print(f"\nAdd-on codes that may join it: {', '.join(found.addons[:SHOWN])}")
    if found.joins:
        out.print(f"\nAn add-on code. It joins: {', '.join(found.joins[:SHOWN])}")
    if found.joins_what_the_payer_lists:
        out.print("\nAn add-on code. The payer's contractor lists what it joins.")


def _notes(notes: tuple[Note, ...], code: str, out: Console) -> None:
    """Notes in the order of the book, grouped by where they stand: at the code itself, then at each ancestor."""
    place = ("", "")
    for note in notes:
        if (note.of, note.kind) != place:
            at = "" if note.of == code else f" [dim](from {escape(note.of)})[/]"
            out.print(f"\n{note.kind.capitalize()}{at}:")
            place = (note.of, note.kind)
        out.print(Padding(escape(note.text), (0, 0, 0, 2)))
