"""What becomes of the diagnoses that one patient has together: the shape of the rules in `starter/together.toml`."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from consultant.codebook.knowledge import Code, Model, Origin, Sentence, Words

#: Beginnings of codes, joined by "|".
Starts = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[A-Z0-9.]+(\|[A-Z0-9.]+)*$")]
#: One code, or the beginning of several, and what it turns into: "J11 > J10".
Turned = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d[A-Z0-9.]{1,7} > [A-Z]\d[A-Z0-9.]{1,7}$")]
TURNS_INTO = " > "  # between a diagnosis and what becomes of it


class Together(Model):
    """What becomes of diagnoses that one patient has together: a combination code, a presumed link, a symptom that is part of it.

    Codes of the letter are met by their beginnings: "I10"; several in one place are joined by "|": "N18.5|N18.6".
    `gives` may name a heading: the letter's trimester or side then picks the code under it. `becomes` turns codes into their
    neighbours, each by its beginning: "J11 > J10" makes J10.00 of J11.00.
    """

    of: tuple[Starts, ...] = ()  # each is met by another code of the letter
    becomes: tuple[Turned, ...] = ()  # one of these is met at least
    unless: tuple[Words, ...] = ()
    said: tuple[Words, ...] = ()  # one of these stands in the letter
    unsaid: tuple[Words, ...] = ()  # and none of these
    from_age: int = 0  # the letter tells an age of so many years or more
    to_age: int | None = None  # the letter tells an age, and none above so many years
    gives: tuple[Code, ...] = ()
    drops: tuple[Words, ...] = ()
    says: Sentence
    source: tuple[Origin, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_of_something(self) -> Together:
        if not (self.of or self.becomes):
            raise ValueError("a rule is of some diagnoses: `of` or `becomes`")
        return self

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(beginning, what it turns into) of `becomes`."""
        return tuple((old, new) for old, _, new in (pair.partition(TURNS_INTO) for pair in self.becomes))

    def turned(self, code: str) -> str:
        """What the code becomes; "" for one that stays."""
        return next((f"{new}{code[len(old) :]}" for old, new in self.pairs if code.startswith(old)), "")

    @cached_property
    def places(self) -> tuple[tuple[str, ...], ...]:
        """The beginnings of `of`, one from each is met."""
        return tuple(tuple(starts.split("|")) for starts in self.of)

    @cached_property
    def bars(self) -> tuple[str, ...]:
        """The beginnings of all of `unless`."""
        return tuple(start for starts in self.unless for start in starts.split("|"))
