"""`consultant codebook add · build · info · verify · diff`: official files in, a book out, what is in it, what changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from consultant import codebook
from consultant.codebook import SourceInfo, compare, shelf
from consultant.codebook.sources.files import Unreadable
from consultant.management import book

STEPS = 7  # what a build tells of itself


class Command(BaseCommand):
    help = "Add official files, build the codebook, tell what is in it, verify it, compare two"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        doing = parser.add_subparsers(dest="doing", required=True, metavar="add|build|info|verify|diff")
        add = doing.add_parser(
            "add", help="put official files on the shelf: zip, txt, csv, xlsx or xml, as the agency publishes them"
        )
        add.add_argument("path", nargs="+", type=Path, help="files, or folders of files")
        add.add_argument(
            "--as", dest="as_kind", default="", metavar="SOURCE", help="what the files are, when their content does not say"
        )
        add.add_argument(
            "--i-have-a-cpt-licence", action="append_const", const="cpt", dest="licences", help="take the AMA's CPT files"
        )
        build = doing.add_parser("build", help="build the book from its sources and take it into use")
        build.add_argument("--out", type=Path, metavar="F", help="only write it to this file")
        build.add_argument("--again", action="store_true", help="build even when nothing has changed")
        add.add_argument("--build", action="store_true", help="and make a book of the shelf at once")
        doing.add_parser("info", help="list the sources of the book in use")
        doing.add_parser("verify", help="recompute the hashes and counts of the book in use")
        diff = doing.add_parser("diff", help="what changed between two books")
        diff.add_argument("old", type=Path)
        diff.add_argument("new", type=Path)
        diff.add_argument("--json", action="store_true", help="one object a line")

    def handle(self, *args: Any, doing: str, **options: Any) -> None:
        out = book.console(self.stdout)
        if doing == "build":
            self._build(out, options["out"], again=options["again"])
        elif doing == "add":
            self._add(out, options["path"], options["as_kind"], options["licences"] or [])
            if options["build"]:
                self._build(out, None, again=False)
        elif doing == "diff":
            self._diff(options["old"], options["new"], options["json"])
        elif doing == "info":
            _info(book.opened(), out)
        else:
            _verify(book.opened(), out)

    def _build(self, out: Console, path: Path | None, *, again: bool) -> None:
        columns = TextColumn("{task.description:<50}"), BarColumn(), TimeElapsedColumn()
        try:
            with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
                task = progress.add_task("", total=STEPS)

                def step(what: str) -> None:
                    progress.update(task, description=what, advance=1)

                info = codebook.build(settings.DATA_DIR, out=path, again=again, step=step)
        except codebook.BuildError as error:
            raise CommandError(f"{error} The book in use stays as it was.", returncode=2) from error
        except OSError as error:
            raise CommandError(f"The book can't be written: {error}.", returncode=2) from error
        out.print(f"{'Built' if info.built else 'Nothing has changed:'} codebook {info.version}", soft_wrap=True)
        _sources(info.sources, out)

    def _add(self, out: Console, paths: list[Path], as_kind: str, licences: list[str]) -> None:
        """Each file by itself: one that can't be read is named and left out, the others are taken."""
        files = [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path]) if not file.is_dir()]
        refused = 0
        for file in files:
            try:
                with out.status(f"Reading {file.name}"):
                    added = shelf.add(settings.DATA_DIR, file, as_kind=as_kind, licences=licences)
            except Unreadable as why:
                refused += 1
                out.print(f"[red]left out[/] {why}", soft_wrap=True)
                continue
            _tell(added, out)
        if refused == len(files):
            raise CommandError("Nothing was added.", returncode=2)
        out.print("`consultant codebook build` makes a book of what is on the shelf.")

    def _diff(self, old: Path, new: Path, as_json: bool) -> None:
        try:
            changes = compare.changes(old, new)
            for change in changes:
                told = json.dumps(change._asdict(), ensure_ascii=False) if as_json else change.told
                self.stdout.write(f"{told}\n")
        except codebook.NoCodebook as missing:
            raise CommandError(str(missing), returncode=2) from missing


def _tell(added: shelf.Added, out: Console) -> None:
    one = added.kept
    kinds = ", ".join(sorted({kind for _, kind, _ in one.pieces}))
    if added.known:
        out.print(f"[dim]known[/] {one.name}: {kinds}", soft_wrap=True)
        return
    out.print(f"[green]added[/] {one.name}: {kinds}, {one.rows:,} rows", soft_wrap=True)
    for name in one.left_out[:10]:
        out.print(f"      left out: {name} (no source that is known here)", soft_wrap=True)
    for piece, line, reason in added.rejects.rows[:10]:
        out.print(f"      not taken: {piece}, line {line}: {reason}", soft_wrap=True)
    if added.rejects.count > 10:
        out.print(
            f"      … and {added.rejects.count - 10:,} more; all of them in {one.file}.rejects.tsv on the shelf", soft_wrap=True
        )


def _info(opened: codebook.Codebook, out: Console) -> None:
    """The book in use, its sources, and what of the shelf is not in it."""
    out.print(f"Codebook {opened.version}, {opened.path.stat().st_size / 1e6:.1f} MB, {opened.path}", soft_wrap=True)
    _sources(opened.sources, out)
    for one, piece, rows in shelf.excerpts(shelf.kept(settings.DATA_DIR)):
        why = f"{rows:,} rows, a small part of another of its kind"
        out.print(f"[dim]not in the book: {piece} of {one.name}: {why}[/]", soft_wrap=True)


def _sources(sources: tuple[SourceInfo, ...], out: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("source", "version", "window", "codes", "sha256"):
        table.add_column(name, justify="right" if name == "codes" else "left", overflow="fold")
    for source in sources:
        window = f"{source.valid_from} to {source.valid_to}" if source.valid_from else "not told"
        table.add_row(source.title, source.version, window, f"{source.codes:,}", source.sha256[:12])
    out.print(table)
    for source in sources:
        out.print(f"[dim]{source.id}: {source.origin}[/]", soft_wrap=True)


def _verify(opened: codebook.Codebook, out: Console) -> None:
    faults = codebook.verify(opened.path)
    if faults:
        raise CommandError(" ".join(faults), returncode=1)
    out.print(f"Codebook {opened.version} is sound.")
