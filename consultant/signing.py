"""DKIM (RFC 6376): our signature on what leaves, when a key and a selector are set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class SigningError(Exception):
    """The mail can't be signed, so it must not leave yet. The message says what to mend."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: `selector._domainkey.domain` is where the public key stands in the DNS."""

    domain: str
    selector: str
    key_file: Path  # PEM, RSA


def signed(raw: bytes, signer: Signer) -> bytes:
    """The mail with a DKIM-Signature before it. Raises SigningError.

    dkimpy's choice of headers: all that a reader sees, with From, Date and Subject bound against a second one.
    """
    import dkim  # brings a whole DNS library

    try:
        key = signer.key_file.read_bytes()
        header = dkim.sign(
            raw, signer.selector.encode("ascii"), signer.domain.encode("idna"), key, canonicalize=(b"relaxed", b"relaxed")
        )
    except (OSError, UnicodeError, dkim.DKIMException) as trouble:
        what = trouble.strerror if isinstance(trouble, OSError) else type(trouble).__name__
        raise SigningError(f"It can't be signed with the DKIM key {signer.key_file}: {what}.") from None
    return bytes(header) + raw


class NoRecord(Exception):
    """The DNS has no public key to check the signature with."""


def verified(raw: bytes) -> bool:
    """Whether the signature fits the key that the DNS holds for it. Raises NoRecord when it holds none, or can't be asked."""
    import dkim
    import dns.exception

    try:
        return bool(dkim.verify(raw, dnsfunc=_txt))
    except (dkim.DKIMException, dns.exception.DNSException, OSError) as trouble:
        raise NoRecord(type(trouble).__name__) from None


def _txt(name: bytes, timeout: float = 5) -> bytes:
    """The TXT record of that name. Raises NoRecord."""
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name.decode("ascii"), "TXT", lifetime=timeout)
    except (dns.exception.DNSException, OSError) as trouble:
        raise NoRecord(f"{type(trouble).__name__}") from None
    return b"".join(next(iter(answer)).strings)
