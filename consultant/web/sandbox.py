"""Foreign bytes on their way to a reviewer's browser: HTML into a frame that can do nothing, everything else as a download."""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString

#: Longer HTML is cut: no letter that somebody reads is that long.
MOST_HTML = 1_000_000

#: What a letter's HTML may hold. No pictures, so that nobody learns when it was read; no styles, forms or frames.
TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s", "small", "span", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}

#: Nothing is loaded, nothing runs, nothing is sent; styles may stand in the document itself, for our own letters have some.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Letter</title><meta name="color-scheme" content="light">
<style>body {{ margin: 1rem; background: #fff; color: #1d2327; font: 15px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }}
table {{ border-collapse: collapse; max-width: 100%; }} td, th {{ padding: .2rem .5rem; vertical-align: top; }}
blockquote {{ margin-inline: 0; padding-inline-start: .8rem; border-inline-start: 3px solid #d5d9de; color: #565e66; }}
pre {{ white-space: pre-wrap; }}</style></head><body>{}</body></html>"""


def clean(html: str) -> SafeString:
    """A letter's HTML without anything that acts, loads or disguises itself."""
    safe = nh3.clean(html[:MOST_HTML], tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})
    return SafeString(safe)


def foreign(html: str, veil: Callable[[str], str] | None = None) -> HttpResponse:
    """A letter that came in, for a frame; with a veil without the marks of patients, and without what links may hold of them."""
    if veil is None:
        return _framed(format_html(_PAGE, clean(html)))
    bare = nh3.clean(html[:MOST_HTML], tags=TAGS, attributes={name: ATTRIBUTES[name] for name in ("td", "th", "ol")})
    return _framed(format_html(_PAGE, SafeString(veil(bare))))


def our_own(html: str) -> HttpResponse:
    """A letter of ours as it will leave, styles and all, for a frame: it quotes strangers, so it is locked in as well."""
    return _framed(html)


def download(data: bytes, name: str, kind: str = "application/octet-stream") -> HttpResponse:
    """Bytes that the browser keeps in a file and never opens by itself."""
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, file_name(name)) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def file_name(name: str) -> str:
    """A name for one file in one folder on any system: no paths, no control characters, not hidden, not endless."""
    last = re.split(r"[/\\]", name)[-1]
    printable = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in last).strip(" .")
    return printable[-120:] or "attachment"


def _framed(html: str) -> HttpResponse:
    response = HttpResponse(html)
    response["Content-Security-Policy"] = POLICY
    return response
