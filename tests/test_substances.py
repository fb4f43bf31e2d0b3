"""A substance, how it is used, and what came of it make one code."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Opioid use disorder, severe, with opioid-induced sleep disorder. ICD-10?", {"F11.282"}),
        ("Alcohol use disorder mild with alcohol-induced depressive disorder. Diagnosis code?", {"F10.14"}),
        ("Meth abuse, intoxicated, agitated. Dx?", {"F15.129"}),
        ("Benzo dependence, withdrawal with perceptual disturbance. Diagnosis?", {"F13.232"}),
        ("PCP intoxication with delirium, phencyclidine dependence. ICD-10?", {"F16.221"}),
        ("Cannabis use disorder severe with withdrawal. ICD-10?", {"F12.23"}),
        ("Hallucinogen use disorder, mild. Dx?", {"F16.10"}),
        ("Alcohol dependence with persisting amnestic disorder (Korsakoff). Dx?", {"F10.26"}),
        ("Heroin dependence with opioid-induced mood disorder. ICD-10?", {"F11.24"}),
        ("Cocaine use disorder, moderate, cocaine-induced anxiety disorder. ICD-10?", {"F14.280"}),
    ],
)
def test_what_a_substance_brought_about_is_one_code(text: str, wanted: set[str], book: Codebook) -> None:
    assert set(answered(text, book).report) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Opioid dependence on methadone, no intoxication today. Dx?", {"F11.20"}),
        ("Patient stopped drinking two days ago, alcohol dependence, no withdrawal. ICD-10?", {"F10.20"}),
        ("Heroin overdose accidental, heroin dependence. ICD-10?", {"T40.1X1A", "F11.20"}),
        ("Opioid-induced constipation, takes oxycodone as prescribed. ICD-10?", {"T40.2X5A", "K59.03"}),
        ("Alcohol use disorder, severe. Also has gout. ICD-10?", {"F10.20", "M10.9"}),
    ],
)
def test_what_did_not_come_of_it_leaves_the_use_alone(text: str, wanted: set[str], book: Codebook) -> None:
    assert set(answered(text, book).report) == wanted


def test_a_primary_care_physician_is_no_hallucinogen(book: Codebook) -> None:
    letter = "PCP saw him for hypertension, and the plan says use another code. Dx?"
    assert not any(code.startswith("F16") for code in answered(letter, book).report)
