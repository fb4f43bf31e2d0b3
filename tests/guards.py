"""The triggers that guard what was kept, taken away for a moment as somebody with the database's password could do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def unguarded(name: str) -> Iterator[None]:
    """Without that trigger (SQLite). It is put back: the next test of the same process relies on it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [name])
        [(trigger,)] = cursor.fetchall()
        cursor.execute(f"DROP TRIGGER {name}")
        try:
            yield
        finally:
            cursor.execute(trigger)
