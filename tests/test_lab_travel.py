"""The way of who draws blood outside the laboratory: the flat rate or by mile."""

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.codebook import Codebook

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("Our phlebotomist drove 11 miles round trip to one homebound lady and drew her blood. Travel code?", "P9604"),
        ("Our phlebotomist drove 12 miles each way to one homebound lady and drew her blood. Travel code?", "P9603"),
        ("Phlebotomist went 27 miles there and back to a nursing home to draw blood from four residents. Travel code?", "P9603"),
        ("The lab tech drew blood at a homebound man's, then drove 2 miles on to another house. Travel code?", "P9603"),
        ("Our lab tech drew blood in three different nursing homes, 9 miles in all. Flat fee or mileage?", "P9603"),
    ],
)
def test_places_and_miles_decide_between_the_flat_rate_and_the_mile(told: str, code: str, book: Codebook) -> None:
    asked = question.read(told, today=TODAY)
    report = advice.advise(classifier.classify(asked, book, TODAY), book).report
    assert [one for one in report if one in ("P9603", "P9604")] == [code]
