"""The real servers that tests talk to: Redis, PostgreSQL, Dovecot, Postfix, a relay, a browser.

Each runs in the foreground on free loopback ports with all its files in one scratch folder, is stopped by its process id, and
dies with us when we are killed. As root, those that refuse root run as the user that Debian made for them. A server that is
not installed is a failure, never a skip: a test that did not run proves nothing.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.fake_relay import FakeRelay, running
from tests.token_server import TokenServer, running_token_server

HOST = "127.0.0.1"
LONGEST_SCRATCH = 60  # Dovecot puts sockets below it, and a socket's path must stay under 108 characters
SERVER_PLACES = os.pathsep.join(  # where Debian keeps them, newest PostgreSQL first
    ["/usr/local/sbin", "/usr/sbin", *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)]
)


# --- programs, ports, folders -----------------------------------------------------------------------------------------


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def program(*names: str) -> str:
    """The path of the first of these programs that is installed. Fails the test when there is none."""
    for name in names:
        if found := shutil.which(name) or shutil.which(name, path=SERVER_PLACES):
            return found
    pytest.fail(f"{names[0]} is not installed; ./run test installs it on Debian, or says what is missing", pytrace=False)


@contextlib.contextmanager
def scratch(name: str, owner: str = "") -> Iterator[Path]:
    """A short-named folder that goes away again, belonging to `owner` when we are root."""
    usual = tempfile.gettempdir()
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=usual if len(usual) < LONGEST_SCRATCH - 20 else "/tmp"))
    folder.chmod(0o755)
    if owner and os.geteuid() == 0:
        shutil.chown(folder, owner)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def first_user(*names: str) -> str:
    """The first of these users that exists on this machine, when we are root; else ourselves."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in (*names, "nobody") if name in known)


def as_user(user: str) -> list[str]:
    """What to put before a command so that `user` runs it."""
    if os.geteuid() != 0 or user == "root":
        return []
    group = str(pwd.getpwnam(user).pw_gid)
    return [program("setpriv"), f"--reuid={user}", f"--regid={group}", "--clear-groups"]


# --- a server ---------------------------------------------------------------------------------------------------------


@dataclass
class Server:
    """A process that listens on `port`. `stop` and `start` may be called again and again; it keeps its port and its files."""

    command: list[str]
    port: int
    log: Path
    farewell: signal.Signals = signal.SIGTERM
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        die_with_us = [setpriv, "--pdeathsig", "TERM"] if (setpriv := shutil.which("setpriv")) else []
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*die_with_us, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.log.parent,
                start_new_session=True,
            )
        deadline = time.monotonic() + 30
        while not listens(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                pytest.fail(f"{self.command[0]} did not start:\n{self.last_words()}", pytrace=False)
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(self.farewell)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(ProcessLookupError):  # Dovecot's and Postfix's children outlive their master for a while
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process = None

    def last_words(self, lines: int = 20) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), 1).close()
    except OSError:
        return False
    return True


@contextlib.contextmanager
def started(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


# --- Redis ------------------------------------------------------------------------------------------------------------


@dataclass
class Redis:
    url: str
    server: Server


@contextlib.contextmanager
def running_redis() -> Iterator[Redis]:
    port = free_port()
    with scratch("redis") as folder:
        settings = {"port": str(port), "bind": HOST, "dir": str(folder), "save": "", "appendonly": "no"}
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        with started(Server([program("redis-server"), *options], port, folder / "log")) as server:
            yield Redis(f"redis://{HOST}:{port}/0", server)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis that all tests share."""
    with running_redis() as redis:
        yield redis.url


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    """A Redis for one test, which may stop and start it. It keeps nothing over a stop."""
    with running_redis() as redis:
        yield redis


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def running_postgres(**more: str) -> Iterator[Server]:
    """A PostgreSQL server without databases; `more` are settings of its own, such as fsync="on"."""
    initdb, postgres = program("initdb"), program("postgres")
    user, port = first_user("postgres"), free_port()
    with scratch("pg", user) as folder:
        data = folder / "data"
        make = [initdb, "-D", str(data), "-U", "consultant", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        made = subprocess.run([*as_user(user), *make], capture_output=True, text=True, cwd=folder)
        assert made.returncode == 0, f"initdb failed:\n{made.stdout}{made.stderr}"
        settings = {"listen_addresses": HOST, "unix_socket_directories": "", "fsync": "off", "max_connections": "60"} | more
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [*as_user(user), postgres, "-D", str(data), "-p", str(port), *options]
        # SIGINT: don't wait until the last client has gone.
        with started(Server(command, port, folder / "log", signal.SIGINT)) as server:
            yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Server) -> str:
    """An empty database that all tests share."""
    return new_database(postgres_server, "consultant")


@pytest.fixture
def own_postgres_url(postgres_server: Server) -> str:
    """An empty database for one test."""
    return new_database(postgres_server, f"own_{time.monotonic_ns()}")


def new_database(server: Server, name: str) -> str:
    import psycopg

    address = f"postgresql://consultant@{HOST}:{server.port}"
    deadline = time.monotonic() + 30
    while True:
        try:
            with psycopg.connect(f"{address}/postgres", autocommit=True, connect_timeout=10) as connection:
                connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
            return f"{address}/{name}"
        except psycopg.OperationalError as trouble:  # it listens a moment before it is ready
            if time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL is not ready: {trouble}\n{server.last_words()}", pytrace=False)
            time.sleep(0.05)


# --- certificates -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Certificate:
    """A certificate for localhost and 127.0.0.1, which is its own authority: trust `file`."""

    file: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context

    def client_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))


@contextlib.contextmanager
def new_certificate() -> Iterator[Certificate]:
    with scratch("cert") as folder:
        made = Certificate(folder / "cert.pem", folder / "key.pem")
        names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", names]
        command = [program("openssl"), *request, "-keyout", str(made.key), "-out", str(made.file)]
        subprocess.run(command, check=True, capture_output=True)
        yield made


@pytest.fixture(scope="session")
def certificate() -> Iterator[Certificate]:
    with new_certificate() as made:
        yield made


# --- access tokens ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def session_token_server() -> Iterator[TokenServer]:
    """The one that Dovecot asks."""
    with running_token_server() as server:
        yield server


@pytest.fixture
def token_server(session_token_server: TokenServer) -> TokenServer:
    """The same, as new."""
    session_token_server.reset()
    return session_token_server


# --- Dovecot ----------------------------------------------------------------------------------------------------------

#: Any user may sign in with the one password; a mailbox is made on its first use. Refused sign-ins don't make us wait.
DOVECOT_CONF = r"""
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login_user}
first_valid_uid = 1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
mail_uid = {user}
mail_gid = {group}
mail_fsync = never
mail_max_userip_connections = 100
mailbox_idle_check_interval = 1 s
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \Sent
    auto = subscribe
  }}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap {{
  chroot =
  process_limit = 64
}}
service stats {{
  chroot =
}}
protocol lmtp {{
  postmaster_address = postmaster@consultant.example
  auth_username_format = %Ln
}}
"""


DOVECOT_OAUTH2_CONF = """
introspection_mode = post
introspection_url = http://127.0.0.1:{port}/introspect
username_attribute = username
active_attribute = active
active_value = true
tokeninfo_url =
"""


@dataclass
class Dovecot:
    """An IMAP server with plain, STARTTLS and TLS doors. The mailbox `user` gets letters for user@anything."""

    host: str
    imap_port: int  # plain, and STARTTLS
    imaps_port: int
    lmtp_port: int
    password: str
    ca_file: Path
    server: Server

    def deliver(self, user: str, raw: bytes, mail_from: str = "alice@clinic.example") -> None:
        """Put a letter, byte for byte, into the user's INBOX. Raises smtplib.SMTPException when it is not taken."""
        with smtplib.LMTP(self.host, self.lmtp_port, timeout=20) as lmtp:
            lmtp.sendmail(mail_from, [f"{user}@consultant.example"], raw)


@contextlib.contextmanager
def running_dovecot(certificate: Certificate, token_server: TokenServer) -> Iterator[Dovecot]:
    """Users come in by the one password, or by a token that the token server vouches for."""
    user, login_user = first_user("dovecot"), first_user("dovenull")
    ports = {"imap_port": free_port(), "imaps_port": free_port(), "lmtp_port": free_port()}
    with scratch("imap", user) as folder:
        for name in ("run", "state", "mail"):
            (folder / name).mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder / "mail", user)
            shutil.chown(folder / "state", user)
        names = {"user": user, "login_user": login_user, "group": group_of(user), "password": "secret"}
        paths = {"folder": folder, "certificate": certificate.file, "key": certificate.key}
        (folder / "oauth2.conf").write_text(DOVECOT_OAUTH2_CONF.format(port=token_server.port))
        conf = folder / "dovecot.conf"
        conf.write_text(DOVECOT_CONF.format(**names, **paths, **ports))
        server = Server([program("dovecot"), "-F", "-c", str(conf)], ports["imap_port"], folder / "log")
        with started(server):
            yield Dovecot(HOST, **ports, password="secret", ca_file=certificate.file, server=server)


@pytest.fixture(scope="session")
def dovecot(certificate: Certificate, session_token_server: TokenServer) -> Iterator[Dovecot]:
    """A Dovecot that all tests share: take a user name of your own, and start it again when you stop it."""
    with running_dovecot(certificate, session_token_server) as server:
        yield server


def group_of(user: str) -> str:
    import grp

    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


# --- a relay and a browser --------------------------------------------------------------------------------------------


@pytest.fixture
def relay() -> Iterator[FakeRelay]:
    """A relay without TLS, which takes letters from anyone."""
    with running(FakeRelay(free_port())) as fake:
        yield fake


@pytest.fixture
def tls_relay(certificate: Certificate) -> Iterator[FakeRelay]:
    """A relay that wants STARTTLS, the user "consultant" and the password "secret"."""
    with running(FakeRelay(free_port(), certificate.server_context(), "consultant", "secret")) as fake:
        yield fake


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium to drive. As root it must be started with --no-sandbox."""
    return program("chromium", "chromium-browser", "google-chrome")
