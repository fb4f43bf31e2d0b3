"""The letter reader and the museum of odd letters: `mails/NAME.eml` with what must be read from it in `NAME.json`."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultant import letter, triage
from consultant.letter import charset, fields
from consultant.letter.body import safe_name
from consultant.vocabulary import Acquaintance, Envelope, House, Letter, Triage

MAILS = sorted((Path(__file__).parent / "mails").glob("*.eml"))
HOUSE = House("coding@consultant.example", ("coding@consultant.example",), "consultant.example")
HEAD = b"From: Alice <alice@clinic.example>\nTo: coding@consultant.example\nSubject: x\n"


def test_the_museum_has_a_card_for_every_letter_and_meets_every_rule() -> None:
    cards = [json.loads(path.with_suffix(".json").read_text(encoding="utf8")) for path in MAILS]
    assert len(cards) >= 60
    met = {
        triage.judge(letter.read(path.read_bytes()), *circumstances(card)).rule for path, card in zip(MAILS, cards, strict=True)
    }
    assert {rule.name for rule in triage.RULES} - met == set()


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_every_letter_of_the_museum_is_read_as_its_card_says(path: Path) -> None:
    card = json.loads(path.with_suffix(".json").read_text(encoding="utf8"))
    read = letter.read(path.read_bytes())
    seen = what_was_seen(read, triage.judge(read, *circumstances(card)))
    for name, wanted in card.items():
        match name.rpartition("_"):
            case _ if name == "given":
                continue
            case (of, "_", "has"):
                assert [words for words in as_list(wanted) if words not in seen[of]] == [], of
            case (of, "_", "lacks"):
                assert [words for words in as_list(wanted) if words in seen[of]] == [], of
            case _ if name == "defect":
                assert any(wanted in defect for defect in read.defects), read.defects
            case _:
                assert seen[name] == wanted, name


def circumstances(card: dict[str, Any]) -> tuple[House, Envelope | None, Acquaintance]:
    """What else triage was told of the letter: the house's settings, the door's trouble, the sender's record."""
    told = card.get("given", {})
    house = replace(
        HOUSE,
        trusted=tuple(told.get("trusted", ())),
        per_sender=told.get("per_sender", 0),
        per_thread=told.get("per_thread", 0),
    )
    door = Envelope("imap", HOUSE.address, "imap:1", trouble=told["trouble"]) if "trouble" in told else None
    return house, door, Acquaintance(told.get("blocked", ""), told.get("by_sender", 0), told.get("in_thread", 0))


def what_was_seen(read: Letter, judged: Triage) -> dict[str, Any]:
    return {
        "sender": read.sender.email,
        "sender_name": read.sender.name,
        "to": [address.email for address in read.to],
        "recipients": len(read.to),
        "subject": read.subject,
        "date": read.date.isoformat() if read.date else None,
        "text": read.text,
        "html": read.html,
        "reply": read.reply,
        "nature": read.nature,
        "attachments": [file.filename for file in read.attachments],
        "sizes": [file.size for file in read.attachments],
        "inside": [file.inside for file in read.attachments],
        "enclosed": [inner.subject for inner in read.enclosed],
        "enclosed_texts": [inner.text.strip() for inner in read.enclosed],
        "verdict": judged.verdict.value,
        "rule": judged.rule,
        "acknowledge": judged.acknowledge,
        "concerns": list(judged.concerns),
        "recipient": judged.recipient,
        "code": judged.code,
        "permanent": judged.permanent,
    }


def as_list(wanted: Any) -> list[str]:
    return wanted if isinstance(wanted, list) else [wanted]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2_000))
def test_no_bytes_at_all_make_the_reader_raise(raw: bytes) -> None:
    for prefix in (
        b"",
        HEAD,
        HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n",
        HEAD + b"Content-Type: text/html\n\n",
    ):
        read = letter.read(prefix + raw)
        assert triage.judge(read, HOUSE).reason


def hostile() -> dict[str, bytes]:
    nested = b"x"
    for number in range(1_000):
        nested = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s" % (number, number, nested)
    text = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n"
    html = HEAD + b"Content-Type: text/html; charset=utf-8\n\n"
    return {
        "20,000 encoded words": b"From: a@b.example\nSubject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nx",
        "encoded words without end": b"From: a@b.example\nSubject: " + b"=?utf-8?q?a?a" * 20_000 + b"\n\nx",
        "60,000 open comments": b"From: " + b"(" * 60_000 + b"a@b.example\n\nx",
        "1,000 parts in one another": HEAD + nested,
        "5,000 attached letters in one another": HEAD + b"Content-Type: message/rfc822\n\n" * 5_000 + b"x",
        "50,000 parts of one boundary": HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\nA: b\n\nc\n" * 50_000,
        "60,000 semicolons": HEAD + b'Content-Disposition: attachment; filename="' + b";" * 60_000 + b"\n\nx",
        "60,000 attributions": text + b"On Mon, 3 Apr 2012 at 10:00 Bob <b@x.example> wrote:\n" * 30_000,
        "sentences that look like attributions": text + b"On 3 Apr somebody wrote:\n" * 60_000,
        "header lines without end": text + b"hello\n" + b"From: a\n\n" * 60_000,
        "one line": text + b"On " + b"a " * 900_000 + b"wrote:",
        "quotations in one another": html + b"<blockquote>a" * 20_000,
        "a million ampersands": html + b"&<" * 1_000_000,
        "half a million header fields": b"A: b\n" * 500_000 + b"\nx",
    }


@pytest.mark.parametrize("name", hostile())
def test_hostile_mail_costs_little_time(name: str) -> None:
    raw = hostile()[name]
    begun = time.process_time()
    read = letter.read(raw)
    triage.judge(read, HOUSE)
    assert time.process_time() - begun < 5, name  # a bound against square time, generous on a slow machine


def test_an_empty_letter_says_that_it_is_empty() -> None:
    assert letter.read(b" \r\n").unreadable == "the letter is empty"


def test_a_letter_keeps_the_order_and_the_duplicates_of_its_header() -> None:
    read = letter.read(b"Received: one\nReceived: two\n" + HEAD + b"\nHello")
    assert [value for name, value in read.headers if name == "Received"] == ["one", "two"]
    assert read.header("received") == "one"


@pytest.mark.parametrize(
    ("declared", "data", "text"),
    [
        ("utf-8", "né".encode(), "né"),
        ("iso-8859-1", "“né”".encode("cp1252"), "“né”"),
        ("'UTF_8'", "né".encode(), "né"),
        ("rot13", b"uryyb", "uryyb"),
        ("raw_unicode_escape", rb"\u0041", r"\u0041"),
        ("", b"\xff\xfeH\x00i\x00", "Hi"),
        ("us-ascii", "Größe".encode("cp1252"), "Größe"),
        ("windows-31j", "世界".encode("cp932"), "世界"),
        ("no-such-charset", "naïve".encode(), "naïve"),
    ],
)
def test_a_charset_is_believed_only_as_far_as_it_fits(declared: str, data: bytes, text: str) -> None:
    assert charset.decode(data, declared)[0] == text


def test_a_short_cyrillic_text_without_charset_is_not_guessed() -> None:
    assert charset.decode("да".encode("koi8-r"))[1] == "charset unknown: read as Latin-1"


def test_a_long_cyrillic_text_without_charset_is_guessed_and_marked() -> None:
    words = "Пациент обратился с жалобами на боль в левом колене, выполнена инъекция в сустав. " * 4
    text, defect = charset.decode(words.encode("koi8-r"))
    assert "колене" in text
    assert defect.startswith("charset guessed")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("koi8-r", "Добрый день! Какой код ставить за укол в колено, если врач делал его под контролем УЗИ?"),
        ("euc-jp", "お世話になっております。膝の注射の算定コードについて教えてください。何卒よろしくお願いします。"),
        ("iso-2022-jp", "お世話になっております。膝の注射の算定コードについて教えてください。"),
        ("cp1255", "בוקר טוב, איזה קוד מתאים לזריקה בברך ימין תחת אולטרסאונד? תודה מראש לכולם."),
        ("cp1252", "Sehr geehrte Frau Müller, für die Spritze ins Knie fehlt uns der Code. Mit freundlichen Grüßen, Jörg Weiß"),
        ("cp1252", "Olá, não sabemos qual código usar na injeção do joelho; a seguradora já negou uma vez. Até amanhã. " * 8),
        ("cp1252", "The knee was 3½ inches round, the room 21°C; we billed $90 (or was it £90?) and heard nothing. " * 9),
        ("cp1250", "Dzień dobry, którego kodu użyć za zastrzyk w kolano pod kontrolą usg? Płatnik już raz odmówił. " * 8),
    ],
)
def test_a_text_without_charset_is_guessed_among_what_letters_are_written_in(name: str, words: str) -> None:
    assert charset.decode(words.encode(name))[0] == words


@pytest.mark.parametrize(
    ("value", "emails"),
    [
        ("a@b.example, c@d.example", ["a@b.example", "c@d.example"]),
        ('"Doe, Jane" <jane@x.example>; joe@x.example', ["jane@x.example", "joe@x.example"]),
        ("undisclosed-recipients:;", []),
        ("=?utf-8?q?M=C3=BCller=2C_J?= <m@x.example>", ["m@x.example"]),
        ("alice@x . example", ["alice@x.example"]),
        ("<mailto:bob@x.example>", ["bob@x.example"]),
        ("Doe, Jane, RN <jane@x.example>, joe@x.example", ["jane@x.example", "joe@x.example"]),
        ("=?utf-8?Q?Jane_Doe_=3Cjane=40x.example=3E?=", ["jane@x.example"]),
        ("<Undisclosed recipients:;>, <Unlisted:@relay.example;>", []),
        ('Bob <<bob@x.example>>, [SMTP:jane@x.example], "j d"@x.example', ["bob@x.example", "jane@x.example", '"j d"@x.example']),
    ],
)
def test_addresses_are_found_in_the_forms_that_people_send(value: str, emails: list[str]) -> None:
    assert [address.email for address in fields.addresses([value])] == emails


def test_a_table_pasted_out_of_outlook_keeps_its_rows() -> None:
    cell = "<td width=100 style='x'><p class=MsoNormal>{}<o:p></o:p></p></td>"
    rows = [("Code", "Units"), ("97110", "2"), ("97140", "&nbsp;"), ("97530", "1")]
    table = "".join("<tr>" + "".join(map(cell.format, row)) + "</tr>" for row in rows)
    read = letter.read(HEAD + f"Content-Type: text/html\n\n<table>{table}</table><p>Why?</p>".encode())
    assert [line.split() for line in read.text.split("\n") if line.strip()] == [
        ["Code", "Units"],
        ["97110", "2"],
        ["97140"],
        ["97530", "1"],
        ["Why?"],
    ]


def test_of_twenty_thousand_references_the_newest_are_kept() -> None:
    ids = " ".join(f"<{number}@x.example>" for number in range(20_000))
    read = letter.read(HEAD + b"References: " + ids.encode() + b"\n\nHello")
    assert read.references[-1] == "<19999@x.example>"
    assert len(read.references) == fields.MAX_IDS


@pytest.mark.parametrize("raw", ["Bericht_Müller.pdf".encode(), "Bericht_Müller.pdf".encode("latin-1")])
def test_a_file_name_in_raw_bytes_keeps_its_letters(raw: bytes) -> None:
    part = b'--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="%s"\n\nx\n--b--\n' % raw
    read = letter.read(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + part)
    assert [file.filename for file in read.attachments] == ["Bericht_Müller.pdf"]


@pytest.mark.parametrize("written", ["'scan.pdf'", '"scan.pdf', '"scan.pdf";;'])
def test_a_file_name_loses_the_quotes_that_stand_round_it(written: str) -> None:
    part = f"--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename={written}\n\nx\n--b--\n"
    read = letter.read(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + part.encode())
    assert [file.filename for file in read.attachments] == ["scan.pdf"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\notes\\op.pdf", "op.pdf"),
        (".htaccess", "htaccess"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("a" * 400 + ".pdf", "a" * 140 + ".pdf"),
        ("..", ""),
    ],
)
def test_a_file_name_leads_nowhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe
