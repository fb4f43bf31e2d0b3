"""A letter on the page of its case: named for what it is, its rest one key away, what is packed in it within reach."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from consultant import letter
from consultant.models import Case
from consultant.vocabulary import Status

MAILS = Path(__file__).parent / "mails"
Mail = Callable[..., Case]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_desk(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def page_of(client: Client, case: Case) -> str:
    return client.get(reverse("case", args=[case.pk])).content.decode()


def came(mail: Mail, name: str) -> Case:
    return mail((MAILS / f"{name}.eml").read_bytes(), mail_from="alice@clinic.example")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("calendar_invitation_without_a_text", "This is a calendar invitation."),
        ("picture_and_nothing_else", "This is only a picture."),
        ("recording_and_nothing_else", "This is only a recording."),
        ("pictures_from_elsewhere_and_no_word", "This is only pictures from elsewhere, which are not loaded."),
        ("letter_without_a_word", "This is a letter without a word."),
    ],
)
def test_a_letter_that_is_no_text_says_what_it_is(name: str, says: str, mail: Mail, at_desk: Client) -> None:
    case = came(mail, name)
    assert case.status == Status.DRAFTED
    assert says in page_of(at_desk, case)


def test_an_invitation_is_read_like_a_letter(mail: Mail, at_desk: Client) -> None:
    page = page_of(at_desk, came(mail, "calendar_invitation_without_a_text"))
    assert "Is modifier 59 still right?" in page


def test_an_encrypted_letter_waits_in_quarantine_with_the_reason(mail: Mail, at_desk: Client) -> None:
    case = came(mail, "encrypted_letter")
    assert case.status == Status.QUARANTINED
    assert "It is an encrypted letter, and there is no key for it here." in page_of(at_desk, case)


def test_an_attached_letter_can_be_read_and_what_is_in_it_named(mail: Mail, at_desk: Client) -> None:
    page = page_of(at_desk, came(mail, "attached_letter_with_a_file_in_it"))
    assert "Attached letter: Op note" in page
    assert "Drained three abscesses." in page
    assert "eob.pdf" in page
    assert "in Op note.eml" in page


def test_a_file_out_of_winmail_dat_comes_down_safely(mail: Mail, at_desk: Client) -> None:
    case = came(mail, "winmail_dat_with_a_file")
    assert "in winmail.dat" in page_of(at_desk, case)
    response = at_desk.post(reverse("attachment", args=[case.pk, case.letters.get().pk, 1]))
    assert response.content == b"%PDF-1.4 note"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''op%20note%20M")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_name_that_is_turned_round_comes_down_straight(mail: Mail, at_desk: Client) -> None:
    case = came(mail, "file_name_turned_round")
    response = at_desk.post(reverse("attachment", args=[case.pk, case.letters.get().pk, 0]))
    assert response["Content-Disposition"] == 'attachment; filename="claim_fdp.exe"'
    assert response["Content-Type"] == "application/octet-stream"


def test_the_elided_rest_is_on_the_page_folded_and_has_a_key(mail: Mail, at_desk: Client) -> None:
    case = came(mail, "card_below_underscores")
    page = page_of(at_desk, case)
    assert '<details class="rest"><summary aria-keyshortcuts="o">' in page
    assert "Lakeside Clinic" in page
    assert "Lakeside Clinic" not in letter.read(bytes(case.letters.get().raw)).reply
    assert "<kbd>o</kbd>" in page


def test_a_hostile_subject_of_an_attached_letter_is_only_text(mail: Mail, at_desk: Client) -> None:
    raw = (MAILS / "attached_letter_with_a_file_in_it.eml").read_bytes()
    script = "<script>alert(1)</script>"
    page = page_of(at_desk, mail(raw.replace(b"Subject: Op note\nDate", f"Subject: {script}\nDate".encode()), mail_from="a@x"))
    assert script not in page
    assert escape(script) in page


@pytest.mark.parametrize("address", ["attachment", "letter-raw", "reply-raw", "export-revealed"])
def test_a_form_that_hands_out_a_file_says_that_its_page_stays(address: str) -> None:
    pages = (path.read_text() for path in (Path(__file__).parent.parent / "consultant/templates/pages").glob("*.html"))
    forms = [form for page in pages for form in re.findall(rf"<form [^>]*url '{address}'[^>]*>", page)]
    assert forms
    assert all("data-stays" in form for form in forms)
