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
import django
django.setup()
from django.db import IntegrityError, connection
from consultant import audit, lifecycle, pipeline
from consultant.casebook import together, writing
from consultant.models import Case, Event, Letter, rows
from consultant.vocabulary import Status
from tests.conftest import envelope, letter

case = pipeline.receive(letter(), envelope())
assert (Case.objects.count(), Letter.objects.count(), Event.objects.count()) == (1, 1, 1)
assert audit.verify(Case.objects.get()) == []
assert pipeline.receive(letter(), envelope()).pk == case.pk, "the same delivery is one letter"

# Another door is faster with the same delivery: what was begun is undone, and its case is the answer.
before, pipeline.threads.kept_before = pipeline.threads.kept_before, lambda *_: None
assert pipeline.receive(letter(), envelope()).pk == case.pk
pipeline.threads.kept_before = before
assert (Case.objects.count(), Letter.objects.count(), Event.objects.count()) == (1, 1, 1)

# A move is one statement: no transaction round it, and both of its halves or neither.
case, late = Case.objects.get(), Case.objects.get()
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
assert Case.objects.get().status == Status.ACCEPTED
assert audit.verify(Case.objects.get()) == []

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
assert Case.objects.get().hint == ""
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
