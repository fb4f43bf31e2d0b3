"""GET /health, as a monitor asks it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from consultant.codebook import Codebook
from consultant.models import Case, Door
from consultant.vocabulary import Status

Mail = Callable[..., Case]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_monitor_reads_the_counts_without_signing_in(mail: Mail, book: Codebook, client: Client) -> None:
    mail()
    response = client.get("/health")
    report = response.json()
    assert response.status_code == 200
    assert list(report) == ["status", "version", "codebook", "cases", "doors", "sending"]
    assert (report["status"], report["codebook"], report["sending"]) == ("ok", book.version, "on")
    assert report["cases"]["drafted"] == 1
    assert set(report["cases"]) == {str(status) for status in Status}


def test_health_says_nothing_of_any_letter(mail: Mail, client: Client) -> None:
    mail(subject="about Harold Jenkins")
    page = client.get("/health").content.decode()
    assert "Harold" not in page
    assert "maria" not in page


def test_the_doors_tell_when_they_were_well(book: Codebook, client: Client) -> None:
    now = timezone.now()
    Door.objects.create(name="smtp", ok_at=now)
    Door.objects.create(
        name="imap", ok_at=now, trouble="login of secret@clinic.example failed", trouble_at=now + timedelta(seconds=1)
    )
    doors = client.get("/health").json()["doors"]
    assert doors["smtp"]["status"] == "ok"
    assert doors["imap"]["status"] == "trouble"
    assert "secret" not in str(doors)


def test_sending_switched_off_is_said(book: Codebook, client: Client, settings: pytest.FixtureRequest) -> None:
    settings.SENDING = False  # type: ignore[attr-defined]
    assert client.get("/health").json()["sending"] == "off"


def test_a_missing_codebook_is_trouble(client: Client, settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json()["status"] == "trouble"
    assert response.json()["codebook"] is None


def test_a_casebook_that_cannot_be_read_is_trouble(book: Codebook, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("disk I/O error")

    monkeypatch.setattr("consultant.web.health.Case.objects.order_by", broken)
    monkeypatch.setattr("consultant.web.health.Door.objects.order_by", broken)
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json()["cases"] == {}
