"""`consultant knowledge`: is the text knowledge sound? Says everything that is wrong, and how far the knowledge reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consultant.codebook.soundness import Texts, origins_of, problems, read_texts
from consultant.codebook.sources import starter


class Command(BaseCommand):
    help = "Check the text knowledge: schema, codes, decision tables, sources, wording; say what it covers."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=starter.FOLDER, help="another folder of knowledge to check")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        texts = read_texts(folder)
        wrong = [*texts.wrong, *problems(texts, timezone.localdate())]
        for line in summary(texts):
            self.stdout.write(line)
        for sentence in wrong:
            self.stderr.write(sentence)
        if wrong:
            raise CommandError(f"{len(wrong)} things are wrong in {folder}.", returncode=1)
        self.stdout.write("Nothing is wrong.")


def summary(texts: Texts) -> Iterator[str]:
    """How much there is, of which specialty, and what nobody has confirmed yet."""
    counts = {
        "records": len(texts.records),
        "modifiers": len(texts.modifiers),
        "families": len(texts.families),
        "cards": len(texts.cards),
        "terms": len(texts.terms),
        "of them with codes": sum(bool(term.codes) for term in texts.terms.values()),
        "groups of words that say the same": len(texts.same),
        "short forms": len(texts.shorts),
    }
    yield ", ".join(f"{count} {name}" for name, count in counts.items())
    rows = sum(len(family.row) for family in texts.families.values())
    examples = sum(len(family.example) for family in texts.families.values()) + sum(
        len(card.example) for card in texts.cards.values()
    )
    yield f"{rows} rows of decision tables, {examples} examples"
    fields = Counter(field for family in texts.families.values() for field in family.specialty)
    yield "Families by specialty: " + ", ".join(f"{name} {count}" for name, count in fields.most_common())
    topics = Counter(topic for card in texts.cards.values() for topic in card.topic)
    yield "Cards by topic: " + ", ".join(f"{name} {count}" for name, count in topics.most_common())
    doubtful = [(where, origins) for where, origins in origins_of(texts) if not all(o.confirmed for o in origins)]
    total = sum(1 for _ in origins_of(texts))
    yield f"Not confirmed: {len(doubtful)} of {total} ({len(doubtful) / max(total, 1):.0%})"
    yield from (f"  {where}: {', '.join(o.title for o in origins if not o.confirmed)}" for where, origins in doubtful)
