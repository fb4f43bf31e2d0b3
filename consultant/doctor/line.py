"""The way to a server: its name, the line, the encryption. What goes wrong there, in words."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator

from consultant.doctor.finding import Finding, note, well, wrong

SECONDS = 10.0
SOON_DAYS = 14


def reach(subject: str, host: str, port: int, tls: bool, ca_file: str = "") -> Iterator[Finding]:
    """Findings about name, line and (with `tls`) certificate; the last one is wrong when the way does not lead there."""
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as trouble:
        why = getattr(trouble, "strerror", None) or str(trouble)
        do = "Look for a typing mistake in the host name, and whether this machine can resolve names (getent hosts NAME)."
        yield wrong(f"{subject}: DNS", f"The name {host} leads nowhere: {why}.", do)
        return
    try:
        with socket.create_connection((host, port), SECONDS) as line:
            if tls:
                yield from _encrypted(subject, line, host, port, ca_file)
            else:
                yield well(f"{subject}: line", f"{host} answers on port {port}.")
    except OSError as trouble:
        yield _no_line(subject, host, port, trouble)


def _no_line(subject: str, host: str, port: int, trouble: OSError) -> Finding:
    if isinstance(trouble, ConnectionRefusedError):
        do = "Look whether the port is right and the server runs."
        return wrong(f"{subject}: line", f"Nobody listens on {host}, port {port}.", do)
    if isinstance(trouble, TimeoutError):
        do = "A firewall may be in the way: ask who runs the network for a way out to this port."
        return wrong(f"{subject}: line", f"{host} does not answer on port {port} within {SECONDS:.0f} seconds.", do)
    return wrong(
        f"{subject}: line", f"{host}, port {port}: {trouble.strerror or trouble}.", "Look at the network of this machine."
    )


def _encrypted(subject: str, line: socket.socket, host: str, port: int, ca_file: str) -> Iterator[Finding]:
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except OSError as trouble:
        yield wrong(f"{subject}: TLS", f"The file {ca_file} can't be read: {trouble.strerror}.", "Mend ca_file, or leave it out.")
        return
    try:
        with context.wrap_socket(line, server_hostname=host) as secure:
            yield certificate(subject, host, secure)
    except (ssl.SSLError, OSError) as trouble:
        yield no_tls(subject, host, port, trouble)


def certificate(subject: str, host: str, secure: ssl.SSLSocket) -> Finding:
    """A certificate that was accepted, and whether it ends soon."""
    ends = str((secure.getpeercert() or {}).get("notAfter", ""))
    days = int((ssl.cert_time_to_seconds(ends) - time.time()) / 86400) if ends else 9999
    if days < SOON_DAYS:
        do = "Tell who runs that server: from then on no letter passes."
        return note(f"{subject}: TLS", f"The certificate of {host} ends in {days} days.", do)
    return well(f"{subject}: TLS", f"{host} speaks {secure.version()}, and its certificate is good.")


def no_tls(subject: str, host: str, port: int, trouble: OSError) -> Finding:
    """Why the encryption did not come about."""
    where = f"{subject}: TLS"
    if not isinstance(trouble, ssl.SSLCertVerificationError):
        do = "Look whether security and port belong together: tls with 993 or 465, starttls with 143 or 587."
        return wrong(where, f"{host} speaks no TLS that we could on port {port}: {_reason(trouble)}.", do)
    if trouble.verify_code == 10:
        return wrong(where, f"The certificate of {host} has run out.", "Have it renewed; until then no letter passes.")
    if trouble.verify_code == 9:
        do = "Look at this machine's clock first (date), then at the certificate."
        return wrong(where, f"The certificate of {host} is not valid yet.", do)
    if trouble.verify_code in {62, 64}:
        do = "Use the name that the certificate has as host."
        return wrong(where, f"The certificate of {host} is for another name.", do)
    do = "If the server has an authority of its own, name its certificate: ca_file, or CONSULTANT_RELAY_CA_FILE."
    return wrong(where, f"Nobody we trust vouches for the certificate of {host}: {trouble.verify_message}.", do)


def _reason(trouble: OSError) -> str:
    return str(getattr(trouble, "reason", "") or trouble.strerror or trouble)
