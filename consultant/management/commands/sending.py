from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consultant import gate


class Command(BaseCommand):
    help = "Stop all sending at once, or let it go on: off, on; without a word, how it stands"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("turn", nargs="?", choices=("on", "off"))
        parser.add_argument("--why", default="", help="a word for the trail and for every page of the desk")

    def handle(self, **options: Any) -> None:
        wanted = options["turn"]
        standing = gate.turn(wanted == "on", "operator", options["why"]) if wanted else gate.standing()
        if wanted == "on" and standing.fixed:
            raise CommandError("Sending stays off: CONSULTANT_SENDING=no is stronger. Take that setting away and start anew.")
        since = f" since {timezone.localtime(standing.at):%Y-%m-%d %H:%M}, by {standing.who}" if standing.at else ""
        why = f" ({standing.why})" if standing.why else " (CONSULTANT_SENDING=no)" if standing.fixed else ""
        self.stdout.write(f"Sending is {'on' if standing.on else 'off'}{since}{why}.")
