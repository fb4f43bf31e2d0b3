"""The signed tag in our own address, by which an answer finds its case and a returned mail its reply.

    coding+c123-ifqwk2ltnvzgc4ds@clinic.example    Reply-To of what leaves case 123
    coding+b45-7mzs3xkq2lpa4vbn@clinic.example     envelope sender of reply 45: bounces come back to it

The tag says which case is meant, and no more: whoever writes to it must still belong to the case. Mail systems change the case of
letters, hence base32.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LONGEST_LOCAL_PART = 64  # octets (RFC 5321 §4.5.3.1.1)
SIGNED_BITS = 80
SHAPE = re.compile(r"([^+@\s]{1,64})\+([cb])([1-9]\d{0,17})-([a-z2-7]{16})@([^@\s]{1,255})")
#: Header fields in which a mailbox's server may have kept the address that a letter came for.
FIELDS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "original-recipient")
MOST_LOOKED_AT = 200


class Tag(NamedTuple):
    kind: str  # "c": a case; "b": a reply
    number: int


def key_of(secret: str) -> bytes:
    """A key for tags alone, from the secret of the house."""
    return hashlib.sha256(b"consultant reply address\0" + secret.encode()).digest()


def tagged(address: str, tag: Tag, key: bytes) -> str:
    """Our address with the tag in it; without, where it would be too long or has a tag already."""
    local, _, domain = address.rpartition("@")
    longer = f"{local}+{tag.kind}{tag.number}-{_sign(address, tag, key)}"
    return address if "+" in local or len(longer.encode()) > LONGEST_LOCAL_PART else f"{longer}@{domain}"


def read(candidates: Iterable[str], ours: Iterable[str], key: bytes) -> Iterator[Tag | None]:
    """The tags in these addresses, in their order; None for one that has our shape and not our signature."""
    known = {address.lower() for address in ours}
    for candidate in list(candidates)[:MOST_LOOKED_AT]:
        found = SHAPE.fullmatch(candidate.strip("<> ").lower())
        if found is None or (address := f"{found.group(1)}@{found.group(5)}") not in known:
            continue
        tag = Tag(found.group(2), int(found.group(3)))
        yield tag if hmac.compare_digest(found.group(4), _sign(address, tag, key)) else None


def _sign(address: str, tag: Tag, key: bytes) -> str:
    said = f"{tag.kind}{tag.number}@{address.lower()}".encode()
    return base64.b32encode(hmac.digest(key, said, "sha256")[: SIGNED_BITS // 8]).decode().lower()
