"""The line to the casebook: kept open and fresh, and how firmly its commits hold.

All hold as firmly as the database can, except where what was done would simply be done again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from threading import Lock, local
from time import monotonic

from django.db import DEFAULT_DB_ALIAS, DatabaseError, close_old_connections, connection, connections, transaction

#: By database: how to commit without waiting for the disk, and how to wait for it again.
LIGHTLY = {
    "postgresql": ("SET synchronous_commit TO off", "RESET synchronous_commit"),
    "sqlite": ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL"),
}

_light = local()  # this thread's line while its commits are light

#: SQLite lets one write at a time, and whoever finds it busy sleeps up to a tenth of a second before looking again. The threads
#: of one process wait for each other here instead, and are woken at once.
_turn = Lock()


#: A line that served so short a time ago is not asked again whether it is good: that is a turn to the database for each letter.
GOOD_FOR_SECONDS = 1.0
_served = local()  # by this thread's line: which, and until when it is taken for good


@contextmanager
def fresh_connection() -> Iterator[None]:
    """Threads of doors and workers live for weeks, a connection may not: one that died is dropped before and after use."""
    close_old_connections()
    line = connections[DEFAULT_DB_ALIAS]
    if line.connection is not None and line.connection is getattr(_served, "line", None) and monotonic() < _served.until:
        line.health_check_done = True  # type: ignore[attr-defined]  # the stubs lag behind
    try:
        yield
        _served.line, _served.until = line.connection, monotonic() + GOOD_FOR_SECONDS
    finally:
        close_old_connections()


@contextmanager
def writing(*, savepoint: bool = True) -> Iterator[None]:
    """A transaction, like `transaction.atomic`, begun when its turn has come. For short ones: what takes long is done before.

    Within another transaction it waits for nobody: who holds the database must not wait for one that wants it.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic(savepoint=savepoint):
            yield
        return
    _turn.acquire()
    with ExitStack() as over:
        over.callback(_turn.release)
        with transaction.atomic():
            transaction.on_commit(over.close)  # before the nudges, which may wait for a broker
            yield


def alone() -> AbstractContextManager[None]:
    """For a single statement of `models/rows.py`, or none: PostgreSQL makes it a transaction by itself, without three more.

    Within another transaction it is a part of that one.
    """
    return nullcontext() if connection.vendor == "postgresql" else writing(savepoint=False)


@contextmanager
def together() -> Iterator[None]:
    """PostgreSQL gets what is said in here without waiting for its answer together with the next thing whose answer is awaited.

    An error of such a statement shows there, or at the end.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def in_one_statement() -> bool:
    """Whether rows that begin together go in one statement (`models/at_once.py`)."""
    return connection.vendor == "postgresql"


@contextmanager
def redoable() -> Iterator[None]:
    """Commits in here are there for everybody at once, also when we are killed; when the machine loses its power, the last
    few may be as if they had never been.

    Both databases forget from the end only, and a firm commit of anyone makes firm all that came before it: nothing that was
    told to the world can rest on what was forgotten.
    """
    commands = LIGHTLY.get(connection.vendor)
    if commands is None or connection.in_atomic_block:
        yield
        return
    if not _is_light():
        _say(commands[0])
        _light.line = connection.connection
    try:
        yield
    finally:
        if not getattr(_light, "going_on", False):
            firmly()


def firmly() -> None:
    """From here on commits hold as firmly as the database can."""
    if _is_light():
        with suppress(DatabaseError):  # a connection that broke is made anew, and begins firm
            _say(LIGHTLY[connection.vendor][1])
    _light.line = None


@contextmanager
def one_after_the_other() -> Iterator[None]:
    """What is redoable in here may follow other such work: the database is told once, and at the end that it is over. Whoever
    does something else in between says `firmly` first.
    """
    _light.going_on = True
    try:
        yield
    finally:
        _light.going_on = False
        firmly()


def _is_light() -> bool:
    return connection.connection is not None and getattr(_light, "line", None) is connection.connection


def _say(command: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(command)
