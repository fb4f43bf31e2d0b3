"""What is wrong with this house, in plain words, and what to do next: `consultant doctor`.

Each check is a function that yields findings; one that dies is a finding itself. Nothing is changed and no mail is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from consultant.doctor import house, mailbox, relay
from consultant.doctor.finding import Finding, Grade

Check = Callable[[], Iterator[Finding]]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("settings", house.settings_fit),
    ("disk", house.disk),
    ("clock", house.clock),
    ("casebook", house.casebook),
    ("codebook", house.codebook),
    ("broker", house.broker),
    ("sending", house.sending),
    ("work", house.work),
    ("doors", house.doors),
    ("mailboxes", mailbox.mailboxes),
    ("relay", relay.relay),
    ("DKIM", relay.dkim_key),
)
#: Without a casebook these have nothing to say.
READ_THE_CASEBOOK = {"sending", "work", "doors"}


def examine() -> Iterator[Finding]:
    """Every finding, in the order of the checks, as it is made."""
    ill: set[str] = set()
    for name, check in CHECKS:
        if name in READ_THE_CASEBOOK and "casebook" in ill:
            continue
        try:
            for finding in check():
                if finding.grade == Grade.WRONG:
                    ill.add(name)
                yield finding
        except Exception as trouble:  # noqa: BLE001  (the doctor must outlive what it examines)
            what = f"This could not be examined: {type(trouble).__name__}: {trouble}"[:300]
            yield Finding(name, Grade.WRONG, what, "Mend what stands above, and run the doctor again.")


__all__ = ["Finding", "Grade", "examine"]
