from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from consultant import keeping, sealed
from consultant.processes import write_private


class Command(BaseCommand):
    help = "Seal letters, drafts and replies anew with the first key of the key file; --new-key writes one first"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--new-key", action="store_true", help="put a new key on top of the key file (made if it is not there) and use it"
        )

    def handle(self, **options: Any) -> None:
        if not settings.LETTER_KEY_FILE:
            raise CommandError("No key file is configured: set CONSULTANT_LETTER_KEY_FILE.", returncode=2)
        path = Path(settings.LETTER_KEY_FILE)
        try:
            if options["new_key"]:
                add_key(path)
            rows, keys = keeping.rekey(), len(sealed.keys_in(path.read_text(encoding="ascii")))
        except (sealed.NoKey, OSError) as trouble:
            raise CommandError(str(trouble), returncode=2) from None
        older = f" The {keys - 1} older key(s) can go once every copy and backup is sealed anew." if keys > 1 else ""
        self.stdout.write(f"{rows} rows are sealed with the first of {keys} key(s).{older}")


def add_key(path: Path) -> None:
    """A new key on the first line, the others below it; only we may read the file."""
    before = path.read_text(encoding="ascii") if path.exists() else ""
    write_private(path, f"{Fernet.generate_key().decode()}\n{before}")
    os.utime(path)
