"""The triggers that guard what was kept, taken away for a moment as somebody with the database's password could do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def letters_unguarded() -> Iterator[None]:
    """Without the guard of the letters (SQLite). It is put back: the next test of the same process relies on it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'letter_update_refused'")
        [(trigger,)] = cursor.fetchall()
        cursor.execute("DROP TRIGGER letter_update_refused")
        try:
            yield
        finally:
            cursor.execute(trigger)
