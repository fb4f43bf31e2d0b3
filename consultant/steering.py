"""Taking a case along the way: what the Celery tasks call. The steps themselves stand in `pipeline.STEPS`."""

from __future__ import annotations

import logging
import traceback
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import F, Q
from django.utils import timezone

from consultant import casebook, queue
from consultant.codebook import NoCodebook
from consultant.lifecycle import ENGINE, Overtaken, move
from consultant.models import Acknowledgement, Case, rows
from consultant.pipeline import STEPS, NotNow
from consultant.threads import Busy
from consultant.vocabulary import Status

log = logging.getLogger(__name__)
MOST_TRIES = 3
#: A case that a worker took up less than this ago is being worked on.
PATIENCE = timedelta(seconds=60)
#: Before the human gate nothing leaves the house: a step that the casebook forgot is done again and does no harm.
REDOABLE = {Status.RECEIVED, Status.ACCEPTED, Status.CLASSIFIED}
#: Nothing here ever waits so long: who does was told so by a clock that was wrong.
LONGEST_WAIT = timedelta(days=1)


def advance(*case_ids: int) -> None:
    """Take the cases as far as they go without a human. Safe to call at any time, from anywhere, any number of times."""
    with casebook.one_after_the_other():
        for case_id in case_ids:
            with queue.in_hand(case_id):
                _advance(case_id)


def _advance(case_id: int) -> None:
    with casebook.redoable():
        if case := _take_up_new(case_id):
            _go_on(case, counted=True)
            return
    case = next(iter(rows.select(Case, {"pk": case_id})), None)
    if case is None:
        return
    if case.status in REDOABLE:
        with casebook.redoable():
            _go_on(case)
    else:
        casebook.firmly()
        _go_on(case)


def _go_on(case: Case, *, counted: bool = False) -> None:
    while _step(case, counted):
        counted = case.tries == 1  # with the move that brought it here


def _step(case: Case, counted: bool) -> bool:
    """One step. True when there may be another one now, for the case as it stands in our hand. `counted`: this try is already."""
    step = STEPS.get(Status(case.status))
    if step is None or (case.retry_after and case.retry_after > timezone.now()) or not (counted or _take_up(case)):
        return False
    before = case.status
    try:
        step(case)
    except Overtaken as late:
        log.info("%s", late)
        Case.objects.filter(pk=case.pk).update(tries=0)
        case.refresh_from_db()  # look at it afresh
        case.tries = 0
        return True
    except (NotNow, NoCodebook, Busy) as why:
        _wait(case, getattr(why, "seconds", 30), str(why))
    except (OperationalError, InterfaceError):
        raise  # the casebook is down, which is no fault of the letter: the sweep comes back to it
    except Exception as trouble:  # noqa: BLE001  (the sender's letter must not be lost to our mistake, whatever it is)
        case.refresh_from_db()  # what was rolled back is still in our hand
        _stumble(case, trouble)
    return case.status != before


def _take_up_new(case_id: int) -> Case | None:
    """Most nudges are for a letter that has just come: then its row is read with the try that is counted."""
    now = timezone.now()
    new = {"pk": case_id, "status": Status.RECEIVED, "tries": 0, "retry_after__due": now}
    with casebook.alone():
        return rows.take(Case, new, {"tries": 1, "worked_at": now})


def _take_up(case: Case) -> bool:
    """Count the try before it is made, so that a letter that kills its worker is counted too."""
    now = timezone.now()
    if case.tries >= MOST_TRIES:
        _give_up(case, "The work on this letter broke off three times without a word.", "")
        return False
    mine = {"pk": case.pk, "status": case.status, "tries": case.tries}
    with casebook.alone():
        if not rows.swap(Case, mine, {"tries": case.tries + 1, "worked_at": now}):
            return False
    case.tries, case.worked_at = case.tries + 1, now
    return True


def _stumble(case: Case, trouble: Exception) -> None:
    name, detail = type(trouble).__name__, "".join(traceback.format_exception(trouble))[-8000:]
    log.error("case %s stumbled in “%s” (try %s of %s): %s", case.pk, case.status, case.tries, MOST_TRIES, name)
    if case.tries >= MOST_TRIES:
        _give_up(case, f"Three tries failed with {name}.", detail)
        return
    later = timezone.now() + timedelta(seconds=10 * 6 ** (case.tries - 1))
    Case.objects.filter(pk=case.pk, status=case.status).update(
        retry_after=later, trouble=f"A step failed with {name}.", trouble_detail=detail
    )


def _give_up(case: Case, reason: str, detail: str) -> None:
    to = Status.FAILED if case.status == Status.APPROVED else Status.QUARANTINED
    try:
        move(case, to, ENGINE, sets={"trouble": reason, "trouble_detail": detail}, reason=reason)
    except Overtaken as late:
        log.info("%s", late)


def _wait(case: Case, seconds: int, why: str) -> None:
    """Not the letter's fault: try again later, and don't count it."""
    later = timezone.now() + timedelta(seconds=seconds)
    Case.objects.filter(pk=case.pk, status=case.status).update(tries=0, retry_after=later, trouble=why[:300])


def sweep(patience: timedelta = PATIENCE) -> int:
    """Nudge every case that has a step and that nobody works on; show what died while sending. Returns how many were nudged.

    `patience` is how long a case that was taken up is left to its worker: zero when there can be no other worker yet.
    """
    now = timezone.now()
    grace = timedelta(seconds=settings.SENDING_GRACE_SECONDS)
    for case in Case.objects.filter(_long_before("changed_at", now, grace), status=Status.SENDING):
        try:
            move(
                case,
                Status.UNKNOWN,
                ENGINE,
                sets={"trouble": "The work broke off while this was being sent."},
                reason="found in sending",
            )
        except Overtaken as late:
            log.info("%s", late)
    Case.objects.filter(retry_after__gt=now + LONGEST_WAIT).update(retry_after=now)
    idle = Q(worked_at=None) | _long_before("worked_at", now, patience) | Q(worked_at__lt=F("retry_after"))
    due = Q(retry_after=None) | Q(retry_after__lte=now)
    waiting = Case.objects.filter(idle, due, status__in=[str(s) for s in STEPS]).order_by("changed_at")
    ids = list(waiting.values_list("pk", flat=True)[:1000])
    for case_id in ids:  # forgotten when the next sweep comes first: busy workers must not find a pile of the same nudges
        queue.nudge(case_id, good_for=settings.SWEEP_SECONDS)
    fresh = Acknowledgement.objects.filter(
        claimed_at=None, created_at__gt=now - timedelta(hours=1), created_at__lt=now - patience
    )
    for case_id in fresh.values_list("case_id", flat=True)[:1000]:
        queue.acknowledge(case_id)
    return len(ids)


def _long_before(column: str, now: datetime, patience: timedelta) -> Q:
    """More than `patience` ago; or ahead of us by as much, which a clock wrote that has been set right since."""
    return Q(**{f"{column}__lt": now - patience}) | Q(**{f"{column}__gt": now + patience})
