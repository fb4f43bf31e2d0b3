"""What was answered before: an answer that left is found again by a letter like it, and a draft that contradicts it says so.

Two letters are alike as far as they meet the same families and cards and name the same codes. Where they are, the facts decide:
those that differ are shown side by side; where none differs, the answers should be the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from consultant.models import Case, Precedent, PrecedentKey, Reply, rows
from consultant.vocabulary import Answer, Findings, load

#: What a common key weighs by its kind: a rule that both letters meet says more than a number that both name.
WEIGHTS = {"card": 2.0, "family": 2.0, "code": 1.0}
ALIKE = 0.5  # share of the weight from which an earlier answer is worth a look
SAME = 0.75  # … and from which, facts being equal, another answer is a contradiction
MOST = 3
LOOKED_AT = 200  # the newest that share a key


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that one letter gives otherwise than the other; "" where it says nothing."""

    dimension: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Likeness:
    precedent: Precedent
    score: float  # 0..1
    differences: tuple[Difference, ...]
    contradiction: str  # a sentence, or "" when the answers agree or the facts explain why they don't


def remember(case: Case, reply: Reply) -> None:
    """Keep the answer that left as a precedent. Call in the transaction that moves the case to SENT."""
    draft = reply.draft
    if reply.kind != "answer" or draft is None or not draft.answer or not case.findings:
        return
    answer, findings = load(Answer, draft.answer), load(Findings, case.findings)
    kept, _ = Precedent.objects.update_or_create(
        case=case,
        defaults={
            "draft": draft,
            "by": reply.approved_by,
            "at": timezone.now(),
            "verdict": answer.verdict[:500],
            "report": list(answer.report),
            "facts": facts_of(findings),
            "edited": draft.author_id is not None,
        },
    )
    kept.keys.all().delete()
    PrecedentKey.objects.bulk_create(PrecedentKey(precedent=kept, key=key) for key in sorted(keys_of(findings)))


def like(case: Case, findings: Findings, answer: Answer | None) -> list[Likeness]:
    """The earlier answers to letters like this one, the most alike first; at most MOST."""
    keys = keys_of(findings)
    if not rows.holds(PrecedentKey, "key", sorted(keys)):  # so it is with most letters, and the query below is dear
        return []
    near = Precedent.objects.filter(keys__key__in=keys).exclude(case=case).select_related("case", "by").prefetch_related("keys")
    newest = near.distinct().order_by("-at")[:LOOKED_AT]
    scored = [(score(keys, {key.key for key in one.keys.all()}), one) for one in newest]
    best = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: (-pair[0], -pair[1].at.timestamp()))[:MOST]
    return [_likeness(one, likeness, facts_of(findings), answer) for likeness, one in best]


def contradicted(case: Case, findings: Findings, answer: Answer) -> Case | None:
    """The case whose approved answer this one contradicts, the most alike first."""
    found = like(case, findings, answer) if answer.answered else []
    return next((one.precedent.case for one in found if one.contradiction), None)


def _likeness(one: Precedent, likeness: float, facts: Mapping[str, str], answer: Answer | None) -> Likeness:
    apart = differences(facts, one.facts)
    same = not apart and likeness >= SAME and answer is not None and answer.answered
    return Likeness(one, round(likeness, 2), apart, _contradiction(one, answer.report) if same and answer else "")


def _contradiction(one: Precedent, report: Iterable[str]) -> str:
    """On the same facts: another answer than was approved, or the very draft that a reviewer put right by hand."""
    alike = set(report) == set(one.report)
    if one.edited:
        return f"On the same facts the same draft was put right by hand in {one.case.number}." if alike else ""
    then = ", ".join(one.report) or "nothing"
    return "" if alike else f"On the same facts {one.case.number} was answered with {then}."


def keys_of(findings: Findings) -> set[str]:
    """What the letter is about: "family:…", "card:…", "code:…"."""
    return {f"{match.kind}:{match.id}" for match in findings.matches} | {
        f"code:{named.code}" for named in findings.question.codes
    }


def facts_of(findings: Findings) -> dict[str, str]:
    """The facts that decided, with the payer. No words of the letter beyond them."""
    facts = {name: str(value) for match in findings.matches for name, value in match.facts.items()}
    return facts | ({"payer": findings.question.payer} if findings.question.payer else {})


def score(here: set[str], there: set[str]) -> float:
    """The weight of what both letters meet, as a share of what either meets."""
    either = sum(map(_weight, here | there))
    return sum(map(_weight, here & there)) / either if either else 0.0


def _weight(key: str) -> float:
    return WEIGHTS[key.partition(":")[0]]


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> tuple[Difference, ...]:
    """Facts that are not the same in both, in the order of their names."""
    names = sorted(here.keys() | there.keys())
    return tuple(Difference(n, here.get(n, ""), there.get(n, "")) for n in names if here.get(n) != there.get(n))
