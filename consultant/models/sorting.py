"""What sorting remembers: who is blocked, and the hashes of attachments."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from consultant.models.cases import Case, Letter


class Block(models.Model):
    """A sender whose letters are set aside: an address, or a whole domain ("@clinic.example"). Lifted, never deleted."""

    pattern = models.CharField(max_length=320, db_index=True)  # lower case
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="blocks"
    )  # where it was decided, and noted in the trail
    why = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="blocks_set")
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="blocks_lifted"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("pattern",), condition=models.Q(lifted_at=None), name="one_block_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.pattern} blocked by {self.by}"


class Enclosure(models.Model):
    """An attachment of a letter, known by its hash. The bytes are kept once: in the letter that brought them."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="enclosures")
    place = models.PositiveSmallIntegerField()  # among the attachments as they are read
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=160)

    class Meta:
        ordering = ("letter", "place")
        constraints = [models.UniqueConstraint(fields=("letter", "place"), name="one_enclosure_a_place")]

    def __str__(self) -> str:
        return f"attachment {self.place + 1} of letter {self.letter_id}"
