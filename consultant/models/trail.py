"""What is written once and never changed: the events of a case, the turns of the switch."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from consultant.models.cases import Case


class Event(models.Model):
    """One line of a case's trail, chained by hash to the line before. Append-only, here and by triggers in the database."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    before = models.CharField(max_length=12, default="")
    after = models.CharField(max_length=12)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, default="")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("case", "seq")
        constraints = [models.UniqueConstraint(fields=("case", "seq"), name="one_event_a_place")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("an event is written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("an event is never deleted")


class Flip(models.Model):
    """One turn of the switch that stops all sending; the newest stands. Append-only and chained, as the events of a case."""

    seq = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    on = models.BooleanField()
    actor = models.CharField(max_length=200)
    why = models.CharField(max_length=300, default="")
    previous = models.CharField(max_length=64, default="")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)

    def __str__(self) -> str:
        return f"sending {'on' if self.on else 'off'} by {self.actor}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("a turn of the switch is written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a turn of the switch is never deleted")
