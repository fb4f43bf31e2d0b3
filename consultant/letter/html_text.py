"""HTML to readable text. Hidden nodes, scripts and styles go first: a hidden word is no word of the customer's."""

from __future__ import annotations

import re
from html import unescape

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

MAX_HTML = 3_000_000  # characters

#: What no reader sees. (Nodes are skipped, not removed: changing a deep tree costs square time.)
SKIPPED = ["head", "title", "script", "style", "template", "noscript", "object", "svg"]
HIDDEN = ["[hidden]"] + [
    f'[style*="{name}:{gap}{value}" i]'
    for name, value in (("display", "none"), ("visibility", "hidden"), ("mso-hide", "all"))
    for gap in ("", " ")
]

#: Mail programs name the node of the signature; what people write into it all the same is seen by `_says_more`.
SIGNATURES = ["[class*=signature i]", "[id*=signature i]", "[name*=signature i]", "[data-signature-widget]", ".bloop_sign"]
LONGEST_SIGNATURE = 1_000  # characters

#: Mail programs put these names on the node where the letter they answer begins; all that follows is quoted.
ORIGINAL_STARTS = (
    "appendonsend|divRplyFwdMsg|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container|stopSpelling|zwchr|OutlookMessageHeader|"
    "protonmail_quote|yahoo_quoted|zmail_extra"
)
ORIGINAL_TAG = re.compile(
    rf"""<[a-z]{{1,10}}\s(?:[^<>]{{0,400}}\s)?(?:id|class)\s?=\s?["']?(?:[^"'<>]{{0,100}}\s)?(?:x_|ydp\w{{1,16}}?)?(?:{ORIGINAL_STARTS})\b""",
    re.IGNORECASE,
)
QUOTATION_TAG = re.compile(r"<(/?)blockquote\b[^<>]{0,2000}>", re.IGNORECASE)
#: The line above a quotation that says whose it is.
INTRODUCTION = re.compile(
    r"""(<div\s[^<>]{0,300}\b(?:gmail_attr|moz-cite-prefix)\b[^<>]{0,300}>)((?:[^<]|<(?!/?div\b)){0,2000})(</div\b)""",
    re.IGNORECASE,
)
TAG = re.compile(r"<(?:script|style)\b.{0,20000}?</(?:script|style)\s?>|<[^<>]{0,5000}>", re.IGNORECASE | re.DOTALL)
RULE_TAG = re.compile(r"<hr\b[^<>]{0,500}>", re.IGNORECASE)
FORWARDED = re.compile(r"forwarded message|weitergeleitete|transféré|reenviado|inoltrat", re.IGNORECASE)

#: A cell of a table without another table in it; mail programs put a paragraph into each, which would tear the row apart.
CELL = re.compile(r"(<t[dh]\b[^<>]{0,2000}>)((?:[^<]|<(?!/?(?:t[dhr]|table)\b)){0,3000})(?=</t[dh]\b)", re.IGNORECASE)
BLOCK = re.compile(r"</?(?:p|div)\b[^<>]{0,2000}>", re.IGNORECASE)
BREAK = re.compile(r"<(?:br|li|h[1-6]|pre|blockquote)\b", re.IGNORECASE)

OPENED, CLOSED = "\ue0f0", "\ue0f1"  # private-use signs that stand for a quotation's edges while it becomes text


def readable(html: str) -> str:
    """The text a reader sees, tables and lists kept as lines."""
    html = _clean(html)
    return _text(html, SKIPPED + HIDDEN) or _text(html, SKIPPED)


def marked(html: str) -> str:
    """The same, with every quotation as `> ` lines and the begin of the answered letter as a line of its own."""
    html = RULE_TAG.sub("<p>________</p>", _clean(html))
    html = INTRODUCTION.sub(rf"\1{OPENED}\2{CLOSED}\3", html)
    html = QUOTATION_TAG.sub(_edge, html)
    html = ORIGINAL_TAG.sub(_original, html)
    text = _text(html, SKIPPED + HIDDEN)
    if re.search("signature|bloop_sign", html, re.IGNORECASE):
        shorter = _text(html, SKIPPED + HIDDEN + SIGNATURES)
        text = text if _says_more(text, shorter) else shorter
    return _prefixed(text)


def _says_more(text: str, shorter: str) -> bool:
    """Whether the signature's node holds more than a signature: much text, a question, a quotation, or all that there is."""
    if len(text) - len(shorter) > LONGEST_SIGNATURE or not shorter.strip():
        return True
    return any(text.count(sign) != shorter.count(sign) for sign in ("?", "？", OPENED, CLOSED))


def _clean(html: str) -> str:
    html = re.sub(f"[{OPENED}{CLOSED}\x00]", "", html[:MAX_HTML])
    return CELL.sub(_flat_cell, html) if re.search(r"<t[dh]\b", html, re.IGNORECASE) else html


def _flat_cell(cell: re.Match[str]) -> str:
    """A cell that holds at most one paragraph, without the paragraph's tags; any other as it is."""
    if BREAK.search(cell.group(2)):
        return cell.group()
    pieces = [piece for piece in BLOCK.split(cell.group(2)) if TAG.sub("", piece).replace("&nbsp;", "").strip()]
    return cell.group(1) + "".join(pieces) if len(pieces) <= 1 else cell.group()


def _text(html: str, skipped: list[str]) -> str:
    try:
        tree = HTMLTree.parse(html)
        if tree.body is None:
            return ""
        text = str(extract_plain_text(tree, preserve_formatting=True, alt_texts=False, form_fields=False, skip_elements=skipped))
    except BaseException as trouble:
        # The parser is compiled code; its own failures arrive as PanicException, which is no Exception.
        if type(trouble).__name__ != "PanicException" and not isinstance(trouble, Exception):
            raise
        text = unescape(TAG.sub(" ", html))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _edge(tag: re.Match[str]) -> str:
    return CLOSED + tag.group() if tag.group(1) else tag.group() + OPENED


def _original(tag: re.Match[str]) -> str:
    """The line that `quotes` knows, before the tag; a letter passed on is no original that is answered."""
    after = tag.string[tag.end() : tag.end() + 600]
    return tag.group() if FORWARDED.search(after) else f"<p>-----Original Message-----</p>{tag.group()}"


def _prefixed(text: str) -> str:
    out: list[str] = []
    depth = 0
    for line in text.split("\n"):
        for piece in re.split(f"([{OPENED}{CLOSED}])", line):
            if piece == OPENED:
                depth += 1
            elif piece == CLOSED:
                depth = max(0, depth - 1)
            elif piece or line == "":
                out.append("> " + piece if depth else piece)
    return "\n".join(out)
