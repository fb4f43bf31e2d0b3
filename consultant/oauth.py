"""Access tokens for mailboxes and relays that take no password: by a refresh token (RFC 6749 §6) or as an application (§4.4).

A token is fetched before the old one ends and once more when a server refuses it. A refusal of the token endpoint is an exception
whose words are for the operator: this is the failure that otherwise nobody sees until letters are missed.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import ssl
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from pydantic import BaseModel, ConfigDict, Field, model_validator

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 20.0
LONGEST_ANSWER = 200_000
#: A token is replaced this long before its end, or after nine tenths of a short life.
MARGIN_SECONDS = 300.0
USUAL_LIFE_SECONDS = 3600.0

TOKEN_URLS = {
    "google": "https://oauth2.googleapis.com/token",
    "microsoft": "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
}
#: (provider, what for) → the scope to ask for with a refresh token. Google's stands in the refresh token itself.
SCOPES = {
    ("microsoft", "imap"): "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
    ("microsoft", "smtp"): "https://outlook.office.com/SMTP.Send offline_access",
}
#: The scope of an application that signs in as itself.
APPLICATION_SCOPES = {"microsoft": "https://outlook.office365.com/.default"}
#: What the endpoint's error codes (RFC 6749 §5.2) mean for whoever runs the house.
ADVICE = {
    "invalid_grant": "The refresh token is no longer good (withdrawn, run out, or the password was changed): "
    "sign in anew and put the new refresh token into its file.",
    "invalid_client": "The client id or its secret is wrong or has run out: make a new secret and put it into its file.",
    "unauthorized_client": "The application may not do this: an administrator must allow it.",
    "invalid_scope": "The scope is not one that this application may have.",
}


class TokenError(OSError):
    """No access token. The message says why, and what to do."""


class TokenRefused(TokenError):
    """The endpoint heard us and said no."""


@dataclass(frozen=True, slots=True)
class OAuth:
    """How to get access tokens for a mailbox. Secrets stay in their files and are read anew each time."""

    token_url: str
    client_id: str
    scope: str = ""
    client_secret_file: Path | None = None
    refresh_token_file: Path | None = None  # None: client credentials
    ca_file: str = ""


class OAuthEntry(BaseModel):
    """How an operator writes it down: the [mailbox.oauth] table, or the file of CONSULTANT_RELAY_OAUTH."""

    model_config = ConfigDict(extra="forbid")

    provider: Literal["google", "microsoft", "other"]
    client_id: str = Field(min_length=1)
    client_secret_file: Path | None = None
    refresh_token_file: Path | None = None  # without it: client credentials
    tenant: str = Field(default="", pattern=r"^[A-Za-z0-9.-]*$")
    token_url: str = ""
    scope: str = ""
    ca_file: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.provider == "microsoft" and not self.tenant and not self.token_url:
            raise ValueError("microsoft needs the tenant (its id or its domain)")
        if self.provider == "google" and self.refresh_token_file is None:
            raise ValueError("google needs a refresh_token_file")
        if self.provider == "other" and not self.token_url:
            raise ValueError("a provider other than google and microsoft needs its token_url")
        if self.refresh_token_file is None and self.client_secret_file is None:
            raise ValueError("without a refresh_token_file a client_secret_file is needed")
        url = urlsplit(self.token_url or "https://preset.invalid")
        if url.scheme != "https" and not (url.scheme == "http" and url.hostname in {"127.0.0.1", "::1", "localhost"}):
            raise ValueError("token_url must begin with https://, for secrets travel there")
        return self

    def oauth(self, purpose: str) -> OAuth:
        """For "imap" or "smtp"."""
        usual = SCOPES.get((self.provider, purpose), "") if self.refresh_token_file else APPLICATION_SCOPES.get(self.provider, "")
        return OAuth(
            token_url=self.token_url or TOKEN_URLS.get(self.provider, "").format(tenant=self.tenant),
            client_id=self.client_id,
            scope=self.scope or usual,
            client_secret_file=self.client_secret_file,
            refresh_token_file=self.refresh_token_file,
            ca_file=self.ca_file,
        )


class Tokens:
    """The access token of one mailbox, and when it ends. Threads may share it."""

    def __init__(self, oauth: OAuth) -> None:
        self.oauth = oauth
        self._lock = threading.Lock()
        self._token, self._good_until, self._refresh = "", 0.0, ""

    def token(self) -> str:
        """A token that will be good for a while. Raises TokenError."""
        with self._lock:
            if not self._token or time.monotonic() >= self._good_until:
                self._fetch()
            return self._token

    def refused(self) -> None:
        """A server did not take the token, whatever its end was to be: the next one is new."""
        with self._lock:
            self._token = ""

    def _fetch(self) -> None:
        try:
            answer = ask(self.oauth, self._form())
        except TokenRefused:
            self._refresh = ""  # the operator's next word stands in the file
            raise
        token = answer.get("access_token")
        if not isinstance(token, str) or not token or "\r" in token or "\n" in token:
            raise TokenError(f"{_host(self.oauth)} answered without an access token.")
        life = _seconds(answer.get("expires_in"))
        self._token = token
        self._good_until = time.monotonic() + max(life - MARGIN_SECONDS, life * 0.9 if life < 2 * MARGIN_SECONDS else 0.0)
        if isinstance(new := answer.get("refresh_token"), str) and new and new != self._refresh:
            self._refresh = "" if _keep(self.oauth, new) else new

    def _form(self) -> dict[str, str]:
        oauth = self.oauth
        form = {"client_id": oauth.client_id, "grant_type": "client_credentials"}
        if oauth.client_secret_file:
            form["client_secret"] = _secret(oauth.client_secret_file)
        if oauth.refresh_token_file:
            form |= {"grant_type": "refresh_token", "refresh_token": self._refresh or _secret(oauth.refresh_token_file)}
        if oauth.scope:
            form["scope"] = oauth.scope
        return form


class _NoRedirect(HTTPRedirectHandler):
    """A token endpoint that sends us elsewhere gets no secrets carried there."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def ask(oauth: OAuth, form: dict[str, str]) -> dict[str, Any]:
    """POST the form, return the JSON object of a 200. Raises TokenError for everything else."""
    context = ssl.create_default_context(cafile=oauth.ca_file or None)
    opener = build_opener(_NoRedirect, HTTPSHandler(context=context))
    request = Request(oauth.token_url, urlencode(form).encode(), {"Accept": "application/json"})  # noqa: S310  (checked by mailboxes.py)
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            answer = _object(response.read(LONGEST_ANSWER))
    except HTTPError as refused:
        with refused:
            raise TokenRefused(_why(oauth, refused.code, _object(refused.read(LONGEST_ANSWER)))) from None
    except (OSError, ValueError) as trouble:
        why = getattr(trouble, "reason", trouble)
        raise TokenError(f"{_host(oauth)} could not be asked for an access token: {why}"[:300]) from None
    return answer


def _why(oauth: OAuth, status: int, answer: dict[str, Any]) -> str:
    code = str(answer.get("error", ""))[:60]
    said = " ".join(str(answer.get("error_description", "")).split())[:120]
    return f"{_host(oauth)} gave no access token ({status} {code}). {ADVICE.get(code, said or 'It did not say why.')}".strip()


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(value: object) -> float:
    try:
        return min(max(float(str(value)), 1.0), 86_400.0)
    except ValueError:
        return USUAL_LIFE_SECONDS


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf8").strip()
    except (OSError, ValueError) as trouble:
        raise TokenError(f"The secret in {path} can't be read: {trouble}"[:300]) from None


def _keep(oauth: OAuth, token: str) -> bool:
    """Some providers hand out a new refresh token each time and let the old one die: it goes where the old one stood."""
    path = oauth.refresh_token_file
    if path is None:
        return True
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf8") as file:  # noqa: PTH123  (mode at creation)
            file.write(token + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        return True
    except OSError as trouble:
        log.warning(
            "the new refresh token could not be written to %s (%s): it lasts until this process ends", path, trouble.strerror
        )
        return False


def _host(oauth: OAuth) -> str:
    return urlsplit(oauth.token_url).hostname or oauth.token_url
