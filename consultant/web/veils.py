"""What a page may show of a case: everything masked, unless this very view was revealed, and that stands in the trail.

A revealed page carries a pass for its frames, which is good for that user, that case and some minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest

from consultant import question, threads
from consultant.models import Case
from consultant.vocabulary import Question
from consultant.web import roles

PASS_SECONDS = 300
_SALT = "consultant.revealed"


@dataclass(frozen=True, slots=True)
class Veil:
    """How the texts of one case are shown on one page. `asked` is the whole conversation with all its marks."""

    asked: Question
    asker: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    lifted: bool = False

    def over(self, text: str) -> str:
        """The text as this page may show it."""
        return text if self.lifted else question.mask(text, self.asker, self.names)

    def over_html(self, html: str) -> str:
        return html if self.lifted else question.mask_html(html, self.asker, self.names)

    def hidden_in(self, text: str) -> tuple[str, ...]:
        """The kinds of patients' marks that a text holds."""
        return question.kinds_in(text, self.asker, self.names)


def of(case: Case, *, lifted: bool = False) -> Veil:
    """The veil over a case: names that one letter tells are taken out of all its texts."""
    text, subject = threads.conversation(case)
    asked = question.read(text, subject, asker=threads.asker(case))
    return Veil(asked, threads.asker(case), question.patients(asked), lifted)


def passport(case: Case, user: User) -> str:
    """What the frames of a revealed page show at the door."""
    return signing.dumps([case.pk, user.pk], salt=_SALT)


def may_pass(request: HttpRequest, case: Case) -> bool:
    """Does this frame belong to a page that was revealed to this user a moment ago?"""
    user = roles.user_of(request)
    try:
        told = signing.loads(request.GET.get("pass", ""), salt=_SALT, max_age=PASS_SECONDS)
    except signing.BadSignature:
        return False
    return bool(told == [case.pk, user.pk]) and roles.may_act(user)
