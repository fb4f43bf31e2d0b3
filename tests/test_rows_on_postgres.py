"""What is said differently to PostgreSQL, said to a real one: statements that go together, and two that are one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers import Server, new_database

pytestmark = [pytest.mark.peers, pytest.mark.timeout(240)]
ROOT = Path(__file__).resolve().parent.parent

SCRIPT = """
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import sleep
import django
import psycopg
django.setup()
from django.db import IntegrityError, OperationalError, connection
from consultant import audit, casebook, doorkeeper, lifecycle, pipeline
from consultant.casebook import together, writing
from consultant.models import Case, Event, Letter, rows
from consultant.vocabulary import Status
from tests.conftest import envelope, letter

case = pipeline.receive(letter(), envelope())
assert (Case.objects.count(), Letter.objects.count(), Event.objects.count()) == (1, 1, 1)
assert audit.verify(Case.objects.get(pk=case.pk)) == []
assert pipeline.receive(letter(), envelope()).pk == case.pk, "the same delivery is one letter"

# The letter, its case and the first line of its trail are one statement, and nothing is drawn for a delivery that came before.
strange = replace(envelope(), identity="smtp:2", mailbox='100 % "Größe" {"case":null}', rcpt_to=("a@x.example", "b@x.example"))
said = []
with connection.execute_wrapper(lambda run, sql, *rest: (said.append(sql), run(sql, *rest))[1]):
    junk = bytes(range(256))
    other = pipeline.receive(junk, strange)
assert len(said) == 1, said
assert other.pk == case.pk + 1
kept = Letter.objects.get(case=other)
assert (bytes(kept.raw), kept.mailbox, kept.rcpt_to) == (junk, strange.mailbox, list(strange.rcpt_to))
assert audit.verify(Case.objects.get(pk=other.pk)) == []
fresh = Case(status=Status.RECEIVED)
lifecycle.begin(fresh, "test")
known = {"id", "created_at", "changed_at", "events_head"}
columns = [field.attname for field in Case._meta.concrete_fields if field.attname not in known]
assert [getattr(other, name) for name in columns] == [getattr(fresh, name) for name in columns], "born alike by either way"
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM consultant_letter WHERE case_id = %s", [other.pk])

# Doors that bring the same delivery at the same moment have one letter between them.
def bring(number):
    try:
        doorkeeper.keep(letter(), replace(envelope(), identity=f"smtp:same{number % 5}"))
    finally:
        connection.close()
with ThreadPoolExecutor(8) as doors:
    list(doors.map(bring, range(60)))
assert Letter.objects.filter(identity__startswith="smtp:same").count() == 5
assert Letter.objects.values("case").distinct().count() == Letter.objects.count() == 6

# A line that was cut between two letters costs one 451 at most, and is made anew.
doorkeeper.keep(letter(), envelope())
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as axe:
    axe.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
try:
    doorkeeper.keep(letter(), replace(envelope(), identity="smtp:cut"))
except OperationalError:
    pass
assert doorkeeper.keep(letter(), replace(envelope(), identity="smtp:cut"))
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as axe:
    axe.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
sleep(casebook.GOOD_FOR_SECONDS)
assert doorkeeper.keep(letter(), replace(envelope(), identity="smtp:cut long ago")), "after a while it is asked first"
case, late = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)

# A move is one statement: no transaction round it, and both of its halves or neither.
said = []
with connection.execute_wrapper(lambda run, sql, *rest: (said.append(sql), run(sql, *rest))[1]):
    lifecycle.move(case, Status.ACCEPTED, "engine", reason="100 % sure, Größe ≥ 2")
assert len(said) == 1, said
try:
    lifecycle.move(late, Status.SET_ASIDE, "engine")
except lifecycle.Overtaken:
    pass
else:
    raise AssertionError("the second was not overtaken")
assert Case.objects.get(pk=case.pk).status == Status.ACCEPTED
assert audit.verify(Case.objects.get(pk=case.pk)) == []

# An error of a statement that nobody waited for is told at the end, as Django tells it, and nothing is left of the rest.
event = Event.objects.first()
event.pk = None
try:
    with writing(), together():
        rows.put(Case, {"pk": case.pk}, {"hint": "never seen"})
        rows.add(event)
except IntegrityError:
    pass
else:
    raise AssertionError("an event was written twice")
assert Case.objects.get(pk=case.pk).hint == ""
assert not rows.swap(Case, {"pk": case.pk, "tries": 7}, {"tries": 8})
with writing(), together():
    assert not rows.swap(Case, {"pk": case.pk, "tries": 7}, {"tries": 8}), "whether it was won is known at once"
    assert rows.swap(Case, {"pk": case.pk, "tries": 0}, {"tries": 1})
print("all of it")
"""


def test_letters_and_moves_are_the_same_at_postgresql(postgres_server: Server, tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("CONSULTANT_")} | {
        "CONSULTANT_DATA": str(tmp_path),
        "CONSULTANT_SECRET_KEY": "only for this test",
        "DATABASE_URL": new_database(postgres_server, "rows"),
        "DJANGO_SETTINGS_MODULE": "consultant.settings",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run([sys.executable, "-m", "consultant", "migrate", "--verbosity", "0"], env=env, cwd=ROOT, check=True)
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.endswith("all of it\n"), done.stderr
