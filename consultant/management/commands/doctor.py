from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from consultant import doctor
from consultant.doctor import Grade

MARKS = {Grade.WELL: "ok   ", Grade.NOTE: "note ", Grade.WRONG: "WRONG"}


class Command(BaseCommand):
    help = "Try DNS, TLS, logins, folders, relay, clock, disk and books; say what is wrong and what to do"
    requires_system_checks: list[str] = []  # they are the first thing it looks at

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one finding a line, for machines")

    def handle(self, **options: Any) -> None:
        found = []
        for finding in doctor.examine():
            found.append(finding)
            if options["json"]:
                self.stdout.write(json.dumps(asdict(finding), ensure_ascii=False))
                continue
            self.stdout.write(f"{MARKS[finding.grade]}  {finding.subject}: {finding.says}")
            if finding.do:
                self.stdout.write(f"       → {finding.do}")
        ill = sum(finding.grade == Grade.WRONG for finding in found)
        if not options["json"]:
            self.stdout.write(f"\n{ill} of {len(found)} things are wrong." if ill else "\nNothing is wrong.")
        if ill:
            sys.exit(1)
