"""How far each door has come, and how it is."""

from __future__ import annotations

from django.db import models

from consultant.models.cases import Letter


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
