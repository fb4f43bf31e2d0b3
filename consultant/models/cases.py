"""A case and its mail: the letter as it came, the drafts, what a human approved, the receipt."""

from __future__ import annotations

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
