"""The casebook: what happened here. Rows, and no behaviour beyond naming themselves.

Only `lifecycle.move` writes `Case.status`; only `audit.record` writes an `Event`. The bytes of a letter are never changed.
"""

from consultant.models.cases import Acknowledgement, Case, Draft, Letter, Reply
from consultant.models.doors import Cursor, Door, Taken
from consultant.models.precedents import Precedent, PrecedentKey, Proposal
from consultant.models.sorting import Block, Enclosure
from consultant.models.trail import Event, Flip

__all__ = [
    "Acknowledgement",
    "Block",
    "Case",
    "Cursor",
    "Door",
    "Draft",
    "Enclosure",
    "Event",
    "Flip",
    "Letter",
    "Precedent",
    "PrecedentKey",
    "Proposal",
    "Reply",
    "Taken",
]
