"""Celery's entry: `celery -A worker worker`, `celery -A worker beat`. Tasks hold no logic; `consultant.steering` does.

advance(case_id, …)      take cases as far as they go without a human, one after the other
acknowledge(case_id, …)  send their receipts
purge()                  by beat, once a day where a retention is set: take the words from old closed cases
sweep()                  by beat: nudge what was forgotten, show what broke off
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultant.settings")

import django

django.setup()

from consultant import correspondence, keeping, steering
from consultant.casebook import fresh_connection
from consultant.queue import app

__all__ = ["acknowledge", "advance", "app", "purge", "sweep"]


@app.task(name="worker.advance")
@fresh_connection()
def advance(*case_ids: int) -> None:
    steering.advance(*case_ids)


@app.task(name="worker.acknowledge")
@fresh_connection()
def acknowledge(*case_ids: int) -> None:
    for case_id in case_ids:
        correspondence.acknowledge(case_id)


@app.task(name="worker.purge")
@fresh_connection()
def purge() -> None:
    keeping.purge_all()


@app.task(name="worker.sweep")
@fresh_connection()
def sweep() -> None:
    steering.sweep()
