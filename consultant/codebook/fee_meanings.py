"""What the indicators of the physician fee schedule say, in our own words, and what some modifiers make of an amount."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

#: Column of `fee` → what it is about.
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "status": "status",
        "pctc": "professional and technical part",
        "global_days": "global period",
        "multiple": "several procedures",
        "bilateral": "both sides",
        "assistant": "assistant at surgery",
        "cosurgeon": "two surgeons",
        "team": "team of surgeons",
        "supervision": "supervision of diagnostic tests",
        "imaging": "imaging family",
        "na_nonfacility": "outside a facility",
        "na_facility": "in a facility",
    }
)

#: Column of `fee` → value → what it says.
MEANINGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "status": {
            "A": "Medicare pays it separately under the physician fee schedule when it is covered",
            "B": "its payment is always part of another service, whatever was done that day",
            "C": "the Medicare contractor sets the price, usually after looking at the record",
            "D": "the code was deleted",
            "E": "excluded from this schedule by regulation; it may be paid in another way",
            "F": "the code was deleted, with no days of grace",
            "G": "Medicare wants another code for this; there were days of grace",
            "H": "the modifier was deleted for this code",
            "I": "Medicare does not take this code; another one reports the service",
            "J": "anaesthesia: paid by base units, time and a factor of its own, not by relative values",
            "L": "a local code",
            "M": "it reports a measurement and is not paid",
            "N": "Medicare does not cover it",
            "P": "bundled with a service or excluded, depending on what it is furnished with",
            "Q": "it reported functional limits in therapy and is not paid",
            "R": "covered only under special rules; often the contractor sets the price",
            "T": "paid only when nothing else by the same practitioner is payable that day",
            "X": "outside the physician fee schedule by law",
        },
        "pctc": {
            "0": "a practitioner's own service; 26 and TC do not apply",
            "1": "a diagnostic test that can be split: 26 for the reading, TC for the rest",
            "2": "the reading only; 26 and TC do not apply",
            "3": "the technical part only; 26 and TC do not apply",
            "4": "the whole test: other codes stand for its parts",
            "5": "furnished by staff incident to a practitioner's service; not paid to the practitioner in a hospital",
            "6": "a laboratory test for which a physician's reading can be paid with 26",
            "7": "a therapist's service, not paid under this schedule to a therapist in practice for hospital patients",
            "8": "a physician's reading of a laboratory result, payable for hospital inpatients only",
            "9": "the split has no meaning here",
        },
        "global_days": {
            "000": "the day of the procedure with the visits that belong to it",
            "010": "the day of the procedure and 10 days after it",
            "090": "the day before, the day of the procedure, and 90 days after it",
            "MMM": "maternity care: the usual global period does not apply",
            "XXX": "no global period",
            "YYY": "the contractor decides whether there is a global period",
            "ZZZ": "it goes with another service and lies within that one's global period",
        },
        "multiple": {
            "0": "no reduction beside other procedures",
            "1": "the reduction of before 1995",
            "2": "the usual reduction: the highest in full, the next ones half",
            "3": "endoscopy: reduced by the value of its base code when done with others of its family",
            "4": "imaging: lower parts of further studies in the same session are reduced",
            "5": "therapy: the practice expense of further units and services of the day is halved",
            "6": "cardiovascular tests: the technical part of further ones that day is reduced by a quarter",
            "7": "eye tests: the technical part of further ones that day is reduced by a fifth",
            "9": "has no meaning here",
        },
        "bilateral": {
            "0": "no 150 percent for both sides",
            "1": "150 percent for both sides in one session",
            "2": "the amount is for both sides already",
            "3": "each side is paid in full",
            "9": "has no meaning here",
        },
        "assistant": {
            "0": "an assistant is paid only when the record shows the need",
            "1": "an assistant is not paid",
            "2": "an assistant may be paid",
            "9": "has no meaning here",
        },
        "cosurgeon": {
            "0": "two surgeons are not paid",
            "1": "two surgeons may be paid when the record shows the need",
            "2": "two surgeons of different specialties are paid",
            "9": "has no meaning here",
        },
        "team": {
            "0": "a team is not paid",
            "1": "a team may be paid when the record shows the need; the contractor sets the price",
            "2": "a team is paid; the contractor sets the price",
            "9": "has no meaning here",
        },
        "supervision": {
            "01": "a physician directs and is responsible, but need not be there",
            "02": "a physician is at hand at once throughout",
            "03": "a physician is in the room throughout",
            "04": "none for a qualified psychologist, else as 01",
            "05": "none for a qualified audiologist, else a physician is at hand",
            "06": "done by a physician or by a physical therapist certified for such tests",
            "21": "as 01 for a certified technician, else as 02",
            "22": "a technician may do it with a physician on line at the time",
            "66": "done by a physician or by a physical therapist certified for this test",
            "6A": "as 66; such a therapist may also supervise another, but only the certified one bills",
            "77": "a certified therapist, or another therapist with a physician at hand, or a certified technician as 01",
            "7A": "as 77; such a therapist may also supervise another, but only the certified one bills",
            "09": "has no meaning here",
        },
        "imaging": {"88": "counted when several images are reduced", "99": "has no meaning here"},
        "na_nonfacility": {"NA": "rarely or never furnished outside a facility"},
        "na_facility": {"NA": "rarely or never paid to a practitioner in a facility"},
    }
)

#: Indicators under which the schedule itself gives an amount.
PAID = frozenset("ART")

_ASSISTANTS = {"80": "0.16", "81": "0.16", "82": "0.16", "AS": "0.136"}


def adjustment(modifier: str, indicators: Mapping[str, str]) -> tuple[Decimal | None, str]:
    """(factor, why) for a modifier that has no row of its own; None when nothing can be said or nothing is paid.

    `indicators`: the row's columns by name. Source: the claims processing manual, chapter 12, sections 20 and 40.
    """
    if modifier in _ASSISTANTS:
        return _assistant(modifier, indicators["assistant"])
    if modifier == "50":
        return _both_sides(indicators["bilateral"])
    if modifier == "62":
        said = MEANINGS["cosurgeon"].get(indicators["cosurgeon"], "")
        return (Decimal("0.625"), f"each of two surgeons: {said}") if indicators["cosurgeon"] in "12" else (None, said)
    if modifier == "66":
        return None, MEANINGS["team"].get(indicators["team"], "")
    if modifier in {"54", "55", "78"}:
        return _share(modifier, indicators)
    if modifier in {"26", "TC"}:
        return None, MEANINGS["pctc"].get(indicators["pctc"], "")
    if modifier in {"22", "52", "53"}:
        return None, "the contractor sets the price after looking at the record"
    return Decimal(1), "no effect on the amount of this line by itself"


def _assistant(modifier: str, indicator: str) -> tuple[Decimal | None, str]:
    said = MEANINGS["assistant"].get(indicator, "")
    return (Decimal(_ASSISTANTS[modifier]), said) if indicator in "02" else (None, said)


def _both_sides(indicator: str) -> tuple[Decimal | None, str]:
    said = MEANINGS["bilateral"].get(indicator, "")
    factor = {"1": Decimal("1.5"), "2": Decimal(1), "3": Decimal(2)}.get(indicator)
    return factor, said


def _share(modifier: str, indicators: Mapping[str, str]) -> tuple[Decimal | None, str]:
    """Part of a global surgical package: 54 the operation, 55 the care after it, 78 a return to the operating room."""
    parts = {"54": ("pre", "intra"), "55": ("post",), "78": ("intra",)}[modifier]
    if indicators["global_days"] not in {"010", "090"}:
        if modifier == "78" and indicators["global_days"] == "000":
            return Decimal(1), "in full: there is no care after it to take off"
        return None, "the service has no global package to share"
    share = sum((Decimal(indicators[part]) for part in parts), Decimal(0))
    return (share, f"the share of the global package: {' + '.join(parts)}") if share else (None, "no shares are published")
