"""Rows that begin together, by one statement of PostgreSQL: a transaction by itself, and one turn for a door that waits for it.

They belong to the first of them, whose key is drawn within the statement. A row may therefore hold KEY where that key goes, and
DIGEST where a hash goes that has the key in it, which only the database can tell by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from consultant.models.rows import _columns, _field, _name, _typed

KEY, DIGEST = object(), object()
#: What stands for them in the statement.
NAMED = {KEY: "key", DIGEST: "digest"}


class New(NamedTuple):
    """A row to be: what its columns hold, but for those that hold their defaults."""

    model: type[Model]
    holds: Mapping[str, Any]

    @property
    def shape(self) -> tuple[type[Model], tuple[tuple[str, Any], ...]]:
        """What the statement depends on: the columns, and what each gets beside a value of its own."""
        return self.model, tuple((name, value if value in (KEY, DIGEST) else None) for name, value in self.holds.items())


def insert(first: New, *others: New, hashed: tuple[bytes, bytes], but: tuple[type[Model], str, Any]) -> int | None:
    """Insert the rows and return the key of the first; None, and nothing is done, where a row of model `but[0]` holds `but[2]`
    in its column `but[1]` already. DIGEST is the SHA-256 of the bytes before the key, the key in digits, and those after it.
    """
    line = connections[DEFAULT_DB_ALIAS]
    line.ensure_connection()
    model, column, value = but
    rows = (first, *others)
    values = [_field(model, column).get_db_prep_save(value, line), *hashed]
    for row in rows:
        told = ((name, held) for name, held in row.holds.items() if held not in (KEY, DIGEST))
        values += [_field(row.model, name).get_db_prep_save(held, line) for name, held in told]
    with line.cursor() as cursor:
        cursor.execute(_statement((model, column), tuple(row.shape for row in rows)), values)
        found = cursor.fetchone()
    return int(found[0]) if found else None


@lru_cache(maxsize=8)
def _statement(but: tuple[type[Model], str], shapes: tuple[Any, ...]) -> str:
    (first, _), (model, column) = shapes[0], but
    table, held = model._meta.db_table, _name(_field(model, column))
    drawn = f"SELECT nextval('{_sequence(first)}') AS key WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {held} = %s)"  # noqa: S608
    digest = "encode(sha256(CAST(%s AS bytea) || convert_to(key::text, 'UTF8') || CAST(%s AS bytea)), 'hex')"
    insertions = [f"row{place} AS ({_insertion(*shape, keyed=place == 0)})" for place, shape in enumerate(shapes)]
    steps = [f"drawn AS ({drawn})", f"hashed AS (SELECT key, {digest} AS digest FROM drawn)", *insertions]  # noqa: S608
    return f"WITH {', '.join(steps)} SELECT key FROM hashed"  # noqa: S608


def _insertion(model: type[Model], holds: tuple[tuple[str, Any], ...], *, keyed: bool) -> str:
    """Each column with what it gets: a value of its own, the key or the digest, or its default, written out once and for all."""
    given = {_field(model, name): NAMED.get(special) or _typed(_field(model, name)) for name, special in holds}
    resting = {field: _default(field) for field in _columns(model) if field not in given}
    columns = given | resting | ({model._meta.pk: "key"} if keyed else {})
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(map(_name, columns))}) SELECT {', '.join(columns.values())} FROM hashed"  # noqa: S608
    )


def _default(field: Any) -> str:
    from psycopg import sql

    line = connections[DEFAULT_DB_ALIAS]
    literal = sql.Literal(field.get_db_prep_save(field.get_default(), line)).as_string(line.connection)
    return literal.replace("%", "%%")


def _sequence(model: type[Model]) -> str:
    """The sequence that numbers the rows of a model."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column])
        return str(cursor.fetchone()[0])
