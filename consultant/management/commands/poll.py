from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from consultant import doorkeeper, inbox
from consultant.inbox.imap import TROUBLES


class Command(BaseCommand):
    help = "Take in what the IMAP mailboxes hold now, once"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", required=True, help="one round (`consultant doors` keeps watching)")

    def handle(self, **options: Any) -> None:
        if not settings.MAILBOXES_FILE:
            raise CommandError("No mailbox is configured: CONSULTANT_MAILBOXES names the file, docs/mailboxes.md shows one.")
        try:
            boxes = inbox.mailboxes(Path(settings.MAILBOXES_FILE), settings.MAX_LETTER_BYTES)
        except inbox.MailboxError as wrong:
            raise CommandError(str(wrong)) from None
        if failed := [box.name for box in boxes if not self._poll(box)]:
            raise CommandError(f"{len(failed)} of {len(boxes)} mailboxes could not be read: {', '.join(failed)}")

    def _poll(self, box: inbox.Mailbox) -> bool:
        try:
            with inbox.connect(box) as client:
                count = inbox.take_in(client, box, doorkeeper)
        except TROUBLES as trouble:
            doorkeeper.alive(box.name, f"{type(trouble).__name__}: {trouble}")
            self.stderr.write(f"{box.name}: {trouble}")
            return False
        doorkeeper.alive(box.name, due_seconds=box.due_seconds)
        self.stdout.write(f"{box.name}: {count} new")
        return True
