"""A reviewer's answer becomes a card, once a colleague has looked at it; then the next book knows it."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from consultant import codebook, proposals, review
from consultant.codebook.sources import starter
from consultant.lifecycle import NotAllowed
from consultant.models import Case, Proposal
from tests.conftest import letter

pytestmark = pytest.mark.django_db(transaction=True)
Mail = Callable[..., Case]


@pytest.fixture
def case(mail: Mail, alice: User) -> Case:
    """A case whose draft Alice put right by hand."""
    found = mail(letter("Heel ulcer of Jane Doe, DOB 3/4/1951, 12 sq cm debrided down to fat. Which code?"))
    review.edit(found, alice, version=1, letters=1, text="Hello,\n\nReport 11042 once, for the sum of all wounds of that depth.")
    return found


@pytest.fixture
def data(settings: object, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def test_the_suggested_card_is_whole_and_holds_no_word_of_the_patient(case: Case) -> None:
    text = proposals.suggested(case)
    card, wrong = proposals.checked(text)
    assert wrong == []
    assert card is not None
    assert card.says == "Report 11042 once, for the sum of all wounds of that depth."
    assert card.report == ("11042",)
    assert "Jane" not in text
    assert "1951" not in text


def test_bob_accepts_what_alice_proposed_and_the_next_book_holds_it(case: Case, alice: User, bob: User, data: Path) -> None:
    proposal = proposals.propose(case, alice, proposals.suggested(case))
    path = proposals.accept(proposal, bob)
    assert tomllib.loads(path.read_text(encoding="utf-8"))["id"] == f"house-{case.number.lower()}"
    info = codebook.build(data)
    assert "Decisions of this house" in {source.title for source in info.sources}
    assert f"house-{case.number.lower()}" in {card.id for card in codebook.current(data).cards}
    kinds = list(case.events.values_list("kind", flat=True))
    assert kinds[-2:] == ["proposed a card", "accepted a card"]


def test_alice_can_not_accept_her_own(case: Case, alice: User, data: Path) -> None:
    proposal = proposals.propose(case, alice, proposals.suggested(case))
    with pytest.raises(NotAllowed, match="colleague"):
        proposals.accept(proposal, alice)
    assert not (data / "codebook").exists()


def test_the_first_decision_stands(case: Case, alice: User, bob: User, data: Path) -> None:
    proposal = proposals.propose(case, alice, proposals.suggested(case))
    proposals.decline(proposal, bob, "the manual says otherwise")
    with pytest.raises(NotAllowed, match="already"):
        proposals.accept(proposal, bob)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('report = ["11042"]', 'report = ["11049"]', "11049 is no code that the books know"),
        ('id = "house-', 'id = "../house-', "letters, digits and dashes"),
        ('verdict = "report"', 'verdict = "perhaps"', "verdict"),
        ("[when]", "[when", "not TOML"),
        ("[[source]]", "[[fountain]]", "source"),
    ],
)
def test_a_card_that_is_not_sound_is_refused_with_the_reason(case: Case, alice: User, old: str, new: str, said: str) -> None:
    with pytest.raises(NotAllowed, match=said):
        proposals.propose(case, alice, proposals.suggested(case).replace(old, new, 1))
    assert not Proposal.objects.exists()


def test_a_card_of_the_house_without_its_prefix_stops_the_build(tmp_path: Path, case: Case) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "x.toml").write_text(proposals.suggested(case).replace('id = "house-', 'id = "', 1), encoding="utf-8")
    with pytest.raises(starter.TextError, match="begins with house-"):
        starter.read_house(tmp_path)


def test_the_pages_from_the_case_to_the_decision(
    case: Case, alice: User, bob: User, charlie: User, client: Client, data: Path
) -> None:
    client.force_login(alice)
    assert "Propose a card" in client.get(f"/case/{case.pk}").content.decode()
    assert "house-" in client.get(f"/case/{case.pk}/propose").content.decode()
    broken = client.post(f"/case/{case.pk}/propose", {"card": "id = 3"})
    assert (broken.status_code, "id: Input should be a valid string" in broken.content.decode()) == (422, True)
    assert client.post(f"/case/{case.pk}/propose", {"card": proposals.suggested(case)}).status_code == 302
    proposal = Proposal.objects.get()
    assert client.post(f"/proposals/{proposal.pk}/accept").status_code == 409
    client.force_login(charlie)
    assert client.get("/proposals").status_code == 403
    client.force_login(bob)
    assert f"Card from {case.number}" in client.get("/proposals").content.decode()
    assert "Accept" in client.get(f"/proposals/{proposal.pk}").content.decode()
    assert client.post(f"/proposals/{proposal.pk}/accept").status_code == 302
    proposal.refresh_from_db()
    assert (proposal.standing, proposal.decided_by) == ("accepted", bob)
