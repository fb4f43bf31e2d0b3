"""What is learned from answers: precedents, and cards that reviewers propose."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from consultant.models.cases import Case, Draft


class Precedent(models.Model):
    """An answer that left, kept to be found by the next letter like it. Facts and codes; none of the letter's words."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="precedent")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(db_index=True)
    verdict = models.CharField(max_length=500)
    report = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    edited = models.BooleanField(default=False)  # a reviewer put the draft right by hand

    def __str__(self) -> str:
        return f"the answer of case {self.case_id}"


class PrecedentKey(models.Model):
    """One thing that a precedent is about: "family:…", "card:…", "code:…"."""

    precedent = models.ForeignKey(Precedent, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=100, db_index=True)

    def __str__(self) -> str:
        return self.key


class Proposal(models.Model):
    """A card that a reviewer wrote after an answer, for a colleague to look at before it joins the book."""

    STANDINGS = (("waiting", "waiting"), ("accepted", "accepted"), ("declined", "declined"))

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals")
    text = models.TextField()  # the card as TOML
    created_at = models.DateTimeField(db_index=True)
    standing = models.CharField(max_length=8, choices=STANDINGS, default="waiting", db_index=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, default="")

    def __str__(self) -> str:
        return f"proposal {self.pk} from case {self.case_id}"
