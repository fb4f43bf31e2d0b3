"""What a trusted relay found out about the sender (Authentication-Results, RFC 8601).

Anyone can write such a header. It counts only when its authserv-id is one that the operator configured, and then only
the first: a relay puts its own on top.
"""

from __future__ import annotations

import re

from consultant.vocabulary import Letter

MAX_HEADERS = 50
MAX_VALUE = 4_000

COMMENT = re.compile(r"\([^()]{0,500}\)")
SERVER = re.compile(r"\s{0,20}([A-Za-z0-9._:-]{1,255})(?:\s{1,20}\d{1,3})?\s{0,20}(?:;|$)")
RESULT = re.compile(r";\s{0,20}(dmarc|spf|dkim)\s{0,9}=\s{0,9}([a-z]{1,20})", re.IGNORECASE)
FAILED = {"fail", "hardfail"}


def results(letter: Letter, trusted: tuple[str, ...]) -> tuple[str, dict[str, set[str]]]:
    """(authserv-id, {"dmarc": {"fail"}, …}) of the newest header by a trusted server; ("", {}) when there is none."""
    wanted = {name.lower() for name in trusted}
    headers = [value for name, value in letter.headers if name.lower() == "authentication-results"]
    for value in headers[:MAX_HEADERS] if wanted else []:
        plain = COMMENT.sub(" ", value[:MAX_VALUE])
        server = SERVER.match(plain)
        if server and server.group(1).lower() in wanted:
            found: dict[str, set[str]] = {}
            for method, result in RESULT.findall(plain):
                found.setdefault(method.lower(), set()).add(result.lower())
            return server.group(1), found
    return "", {}


def failure(letter: Letter, trusted: tuple[str, ...]) -> str:
    """Why the sender is not believed, in a sentence; "" when nothing trusted speaks against it.

    DMARC has the last word, for it looks at the address that people see. Without it, SPF must fail and no signature must hold:
    forwarding alone breaks SPF.
    """
    server, found = results(letter, trusted)
    dmarc = found.get("dmarc", set())
    if "pass" in dmarc:
        return ""
    if dmarc & FAILED:
        return f"{server} says that it does not come from where it says: DMARC failed for {letter.sender.email or 'its sender'}."
    if found.get("spf", set()) & FAILED and "pass" not in found.get("dkim", set()):
        return f"{server} says that its server may not send for its sender: SPF failed, and no signature holds."
    return ""
