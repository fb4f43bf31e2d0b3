"""The casebook: what happened here. Rows, and no behaviour beyond naming themselves.

Only `lifecycle.move` writes `Case.status`; only `audit.record` writes an `Event`. The bytes of a letter are never changed.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from consultant.sealed import SealedBytes, SealedText
from consultant.vocabulary import Status


class Case(models.Model):
    """One question and all that came of it. A follow-up, a bounce or a robot's letter is a case too: nothing is dropped."""

    status = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Status], default=Status.RECEIVED, db_index=True)
    created_at = models.DateTimeField(db_index=True)
    changed_at = models.DateTimeField()
    # the trail's end, kept here so that a cut-off trail shows
    events_count = models.PositiveIntegerField(default=0)
    events_head = models.CharField(max_length=64, default="")
    # who asked, and what triage made of it
    sender_name = models.CharField(max_length=200, default="")
    sender_email = models.CharField(max_length=320, default="", db_index=True)
    subject = models.CharField(max_length=300, default="")
    triage = models.JSONField(default=dict)
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined")
    hint = models.CharField(max_length=300, default="")  # "looks like a follow-up of C-12, but the sender is another"
    # what the engine found
    topic = models.CharField(max_length=20, default="", db_index=True)
    confidence = models.FloatField(null=True)
    answered = models.BooleanField(null=True)  # False: the engine abstains
    codebook = models.CharField(max_length=80, default="")
    findings = models.JSONField(null=True)
    contradicts = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="contradicted_by")
    # the work on it
    tries = models.PositiveSmallIntegerField(default=0)  # steps started without getting through, in a row
    worked_at = models.DateTimeField(null=True)  # when a worker last took it up
    retry_after = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, default="")  # what went wrong, in a sentence for people
    trouble_detail = models.TextField(default="")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="held")
    held_until = models.DateTimeField(null=True)
    legal_hold = models.BooleanField(default=False)  # nothing of it is purged
    purged_at = models.DateTimeField(null=True)  # from here on only the skeleton is left

    class Meta:
        ordering = ("created_at", "pk")
        indexes = [models.Index(fields=("status", "created_at"))]

    def __str__(self) -> str:
        return f"{self.number} ({self.status})"

    @property
    def number(self) -> str:
        return f"C-{self.pk:05d}"


class Letter(models.Model):
    """A letter as it came, byte for byte. `identity` makes one delivery one row, however often the door tries."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    identity = models.CharField(max_length=300, unique=True)
    door = models.CharField(max_length=10)
    mailbox = models.CharField(max_length=320, default="", db_index=True)
    mail_from = models.CharField(max_length=320, default="")
    rcpt_to = models.JSONField(default=list)
    raw = SealedBytes()
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    message_id = models.CharField(max_length=500, default="", db_index=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("received_at", "pk")

    def __str__(self) -> str:
        return f"letter {self.pk} by {self.door}"


class Draft(models.Model):
    """One version of the answer: the engine's, or a reviewer's. Never changed, only followed by the next."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="drafts")
    version = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)  # null: the engine
    subject = models.CharField(max_length=300)
    text = SealedText()
    html = SealedText(default="")
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("case", "version")
        constraints = [models.UniqueConstraint(fields=("case", "version"), name="one_draft_a_version")]

    def __str__(self) -> str:
        return f"draft {self.version} of {self.case_id}"


class Reply(models.Model):
    """What a human approved, fixed at that moment: recipients, text, Message-ID, and the digest that binds them."""

    KINDS = (("answer", "answer"), ("question", "question to the sender"), ("decline", "decline"))

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    recipients = models.JSONField()
    subject = models.CharField(max_length=300)
    text = SealedText()
    html = SealedText(default="")
    message_id = models.CharField(max_length=300, unique=True)
    in_reply_to = models.CharField(max_length=500, default="")
    references = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    approved_at = models.DateTimeField()
    leaves_at = models.DateTimeField(null=True)  # until then the approval can be undone, and nothing leaves
    voided_at = models.DateTimeField(null=True)  # a newer letter or an edit came first
    attempts = models.PositiveIntegerField(default=0)
    raw = SealedBytes(null=True)  # the bytes as handed to the relay
    sent_at = models.DateTimeField(null=True, db_index=True)
    response = models.CharField(max_length=500, default="")  # the relay's last word

    class Meta:
        ordering = ("approved_at", "pk")

    def __str__(self) -> str:
        return f"{self.kind} to case {self.case_id}"


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


class Acknowledgement(models.Model):
    """The receipt with the case number. `hour` makes it at most one for a sender and hour, whoever is first."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="acknowledgement")
    recipient = models.CharField(max_length=320)
    hour = models.CharField(max_length=13)
    message_id = models.CharField(max_length=300, unique=True)
    created_at = models.DateTimeField(db_index=True)
    claimed_at = models.DateTimeField(null=True)  # set before SMTP is spoken: one that died meanwhile is not sent twice
    sent_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=500, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("recipient", "hour"), name="one_receipt_a_sender_and_hour")]

    def __str__(self) -> str:
        return f"receipt for case {self.case_id}"


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


class Cursor(models.Model):
    """How far an IMAP folder was taken in. Moves only after the letter is committed."""

    mailbox = models.CharField(max_length=320)
    folder = models.CharField(max_length=300)
    uidvalidity = models.BigIntegerField()
    last_uid = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("mailbox", "folder"), name="one_cursor_a_folder")]

    def __str__(self) -> str:
        return f"{self.mailbox}/{self.folder} at {self.last_uid}"


class Taken(models.Model):
    """One UID that an IMAP folder gave us, and the letter it is: by these the server's count is compared with ours."""

    mailbox = models.CharField(max_length=320)
    folder = models.CharField(max_length=300)
    uidvalidity = models.BigIntegerField()
    uid = models.BigIntegerField()
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="taken")
    gone = models.BooleanField(default=False)  # from the folder, since: moved or deleted

    class Meta:
        constraints = [models.UniqueConstraint(fields=("mailbox", "folder", "uidvalidity", "uid"), name="one_row_a_uid")]

    def __str__(self) -> str:
        return f"{self.mailbox}/{self.folder} {self.uidvalidity}:{self.uid}"


class Door(models.Model):
    """How a door is: its last sign of life, when the next is due, what went wrong, what it had passed over."""

    name = models.CharField(max_length=320, unique=True)
    ok_at = models.DateTimeField(null=True)  # of a mailbox: the last successful look
    due_at = models.DateTimeField(null=True)  # when the next sign of life is due; null: it gives none
    trouble = models.CharField(max_length=300, default="")
    trouble_at = models.DateTimeField(null=True)  # since when
    gap = models.CharField(max_length=300, default="")  # letters the server had and we did not, when that was last found
    gap_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
