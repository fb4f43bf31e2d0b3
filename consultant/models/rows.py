"""Rows read and written without Django's query builder, for the few statements that every letter takes.

The builder puts each statement together anew, which costs several times what the database takes for it. Here the SQL of a model
and its columns is made once. It serves what this house has: one-table models with a numbered key, and no signals. In a `where`,
"name" means equal (to a value, never to nothing); "name__gt", "name__lte" and "name__not" are what they say; "name__due" is at
most that, or nothing; "pk" is the key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

Row = TypeVar("Row", bound=Model)
Where = Mapping[str, Any]
SIGNS = {"": "{0} = %s", "gt": "{0} > %s", "lte": "{0} <= %s", "not": "{0} <> %s", "due": "({0} IS NULL OR {0} <= %s)"}


class Statement(NamedTuple):
    sql: str
    columns: list[Any]  # the fields of its parameters, in their order


def insert(row: Model) -> None:
    """Insert a new row and give it its key. Raises what Django's own insert does (IntegrityError …)."""
    line = _line()
    statement = _insertion(type(row), line.vendor, answered=True)
    with line.cursor() as cursor:
        cursor.execute(statement.sql, _written(row, statement))
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, line.alias


def add(row: Model) -> None:
    """Insert a new row whose key nobody asks for: no answer is awaited (`casebook.together`)."""
    line = _line()
    statement = _insertion(type(row), line.vendor)
    with line.cursor() as cursor:
        cursor.execute(statement.sql, _written(row, statement))
    row._state.adding, row._state.db = False, line.alias


def swap(model: type[Model], where: Where, changes: Mapping[str, Any]) -> bool:
    """Change the row that stands as `where` says: its key, and the values it must still have. False when none does."""
    statement = _change(model, tuple(changes), tuple(where), answer="1")
    with _line().cursor() as cursor:
        cursor.execute(statement.sql, _values(statement, (*changes.values(), *where.values())))
        return cursor.fetchone() is not None


def take(model: type[Row], where: Where, changes: Mapping[str, Any]) -> Row | None:
    """Change the row that stands as `where` says, and return it as it is now. None when none does."""
    statement = _change(model, tuple(changes), tuple(where), answer=_all(model))
    with _line().cursor() as cursor:
        cursor.execute(statement.sql, _values(statement, (*changes.values(), *where.values())))
        cells = cursor.fetchone()
    return _row(model, list(cells)) if cells else None


def put(model: type[Model], where: Where, changes: Mapping[str, Any]) -> None:
    """Change a row that is known to be there: no answer is awaited (`casebook.together`)."""
    statement = _change(model, tuple(changes), tuple(where))
    with _line().cursor() as cursor:
        cursor.execute(statement.sql, _values(statement, (*changes.values(), *where.values())))


def swap_and_insert(model: type[Model], where: Where, changes: Mapping[str, Any], row: Model) -> bool:
    """Change a row as `swap` does and insert another that goes with it, without its key. False, and nothing is done, when none
    stands so. One statement at PostgreSQL; elsewhere two, in the caller's transaction.
    """
    line = _line()
    if line.vendor != "postgresql":
        if won := swap(model, where, changes):
            add(row)
        return won
    change, insertion = _change(model, tuple(changes), tuple(where)), _insertion(type(row), line.vendor)
    values = [*_values(change, (*changes.values(), *where.values())), *_written(row, insertion)]
    with line.cursor() as cursor:
        cursor.execute(_both(change.sql, type(row)), values)
        won = cursor.fetchone() is not None
    row._state.adding, row._state.db = not won, line.alias
    return won


def count(model: type[Model], where: Where) -> int:
    """How many rows stand as `where` says."""
    statement = _selection(model, "count(*)", tuple(where))
    with _line().cursor() as cursor:
        cursor.execute(statement.sql, _values(statement, tuple(where.values())))
        return int(cursor.fetchone()[0])


def holds(model: type[Model], name: str, values: Sequence[Any]) -> bool:
    """Does any row hold one of the values in column `name`?"""
    if not values:
        return False
    statement = _selection(model, "1", (name,), len(values), "LIMIT 1")
    with _line().cursor() as cursor:
        cursor.execute(statement.sql, _values(statement, values))
        return cursor.fetchone() is not None


def select(model: type[Row], where: Where) -> list[Row]:
    """The rows that stand as `where` says, oldest key first."""
    statement = _selection(model, _all(model), tuple(where))
    with _line().cursor() as cursor:
        cursor.execute(statement.sql, _values(statement, tuple(where.values())))
        return [_row(model, list(cells)) for cells in cursor.fetchall()]


def among(model: type[Model], name: str, values: Sequence[Any], wanted: Sequence[str]) -> list[tuple[Any, ...]]:
    """The wanted columns of the rows that hold one of the values in column `name`, oldest key first: keys, numbers, words."""
    if not values:
        return []
    columns = ", ".join(_name(_field(model, one)) for one in wanted)
    statement = _selection(model, columns, (name,), len(values))
    with _line().cursor() as cursor:
        cursor.execute(statement.sql, _values(statement, values))
        return list(cursor.fetchall())


def _line() -> BaseDatabaseWrapper:
    """This thread's own connection. `connection` is it too, but looks for it anew at each attribute: 200 times a letter."""
    return connections[DEFAULT_DB_ALIAS]


def _written(row: Model, statement: Statement) -> list[Any]:
    line = _line()
    return [field.get_db_prep_save(field.pre_save(row, True), line) for field in statement.columns]


def _values(statement: Statement, values: Sequence[Any]) -> list[Any]:
    line, pairs = _line(), zip(statement.columns, values, strict=True)
    return [field.get_db_prep_save(getattr(value, "pk", value), line) for field, value in pairs]


def _row(model: type[Row], cells: list[Any]) -> Row:
    line = _line()
    names, converters = _conversions(model, line.vendor)
    for place, column, convert in converters:
        cells[place] = convert(cells[place], column, line)
    return model.from_db(line.alias, names, cells)


# --- statements, made once --------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _insertion(model: type[Model], _vendor: str, *, answered: bool = False) -> Statement:
    """`answered`: by the new key."""
    columns = _columns(model)
    names, places = ", ".join(map(_name, columns)), ", ".join(["%s"] * len(columns))
    answer = f" RETURNING {_name(model._meta.pk)}" if answered else ""
    return Statement(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places}){answer}", columns)  # noqa: S608  (our own names)


@lru_cache(maxsize=128)
def _change(model: type[Model], changes: tuple[str, ...], where: tuple[str, ...], *, answer: str = "") -> Statement:
    """`answer`: what a row answers with that stood as `where` says."""
    columns = [_field(model, name) for name in changes]
    sets = ", ".join(f"{_name(column)} = %s" for column in columns)
    stands, compared = _stands(model, where)
    returning = f" RETURNING {answer}" if answer else ""
    return Statement(f"UPDATE {model._meta.db_table} SET {sets} WHERE {stands}{returning}", columns + compared)  # noqa: S608


@lru_cache(maxsize=128)
def _both(change: str, inserted: type[Model]) -> str:
    """PostgreSQL's one statement for a change and the insertion that goes with it, answered by a row where both were done."""
    columns = _columns(inserted)
    names, values = ", ".join(map(_name, columns)), ", ".join(map(_typed, columns))
    insertion = f"INSERT INTO {inserted._meta.db_table} ({names}) SELECT {values} FROM changed RETURNING 1"  # noqa: S608
    return f"WITH changed AS ({change} RETURNING 1) {insertion}"


def _typed(field: Any) -> str:
    """The place of a parameter in a SELECT, where PostgreSQL does not see of itself which column it is for."""
    kind = field.db_type(connection)
    return "%s" if kind.startswith(("varchar", "text")) else f"CAST(%s AS {kind})"


@lru_cache(maxsize=32)
def _all(model: type[Model]) -> str:
    return ", ".join(map(_name, model._meta.concrete_fields))


def _columns(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


@lru_cache(maxsize=128)
def _selection(model: type[Model], what: str, where: tuple[str, ...], one_of: int = 0, order: str = "") -> Statement:
    """`one_of`: how many values the single column of `where` may hold. Without an `order` by the key, but for a count."""
    stands, compared = _stands(model, where)
    if one_of:
        stands, compared = f"{_name(compared[0])} IN ({', '.join(['%s'] * one_of)})", compared * one_of
    if not order and what != "count(*)":
        order = f"ORDER BY {_name(model._meta.pk)}"
    return Statement(f"SELECT {what} FROM {model._meta.db_table} WHERE {stands} {order}", compared)  # noqa: S608


def _stands(model: type[Model], where: tuple[str, ...]) -> tuple[str, list[Any]]:
    tests = [name.partition("__") for name in where]
    columns = [_field(model, name) for name, _, _ in tests]
    signs = [SIGNS[sign] for _, _, sign in tests]
    return " AND ".join(sign.format(_name(column)) for column, sign in zip(columns, signs, strict=True)), columns


@lru_cache(maxsize=32)
def _conversions(model: type[Model], _vendor: str) -> tuple[list[str], list[tuple[int, Any, Any]]]:
    """The attributes that a row's cells go to, and what makes a cell of this database a value: place, column, function."""
    fields = model._meta.concrete_fields
    columns = [field.get_col(model._meta.db_table) for field in fields]
    found = [
        (place, column, convert)
        for place, column in enumerate(columns)
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
    ]
    return [field.attname for field in fields], found


def _field(model: type[Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _name(field: Any) -> str:
    return connection.ops.quote_name(field.column)
