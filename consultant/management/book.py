"""The book in use, for commands: a missing one is a sentence and exit code 2, not a trace."""

from __future__ import annotations

from datetime import date
from typing import IO, cast

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import OutputWrapper
from rich.console import Console

from consultant import codebook
from consultant.codebook import codes
from consultant.vocabulary import System


def opened() -> codebook.Codebook:
    """The book in use under CONSULTANT_DATA. Raises CommandError (exit code 2) when there is none."""
    try:
        return codebook.current(settings.DATA_DIR)
    except codebook.NoCodebook as error:
        raise CommandError(str(error), returncode=2) from error


def console(stdout: OutputWrapper) -> Console:
    """A console that prints to a command's stdout, a terminal or not."""
    stdout.ending = ""  # the console ends its lines itself
    return Console(file=cast("IO[str]", stdout), highlight=False)


def system(name: str | None) -> System | None:
    """The system of that name in any spelling, None for none. Raises CommandError (exit code 2) on a name of no system."""
    found = codes.system(name) if name else None
    if name and not found:
        raise CommandError(f"There is no system {name}: choose one of {', '.join(System)}.", returncode=2)
    return found


def day(text: str) -> date:
    """A day as it is typed. Raises CommandError (exit code 2) on what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is not a date: write it like 2026-05-31.", returncode=2) from error
