"""What somebody only looked for brings no operation; what was found there and done about it does."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered

LETTERS = [
    ("EGD to check for a hiatal hernia. which cpt", {"43235"}, {"43281"}),
    ("Doctor did a hysteroscopy to look for polyps, none there. CPT?", {"58555"}, {"58558"}),
    ("Diagnostic laparoscopy to rule out an ectopic pregnancy. CPT?", {"49320"}, {"59150"}),
    ("Diagnostic laparoscopy to look for endometriosis, nothing treated. which code?", {"49320"}, {"58662"}),
    ("Cysto to rule out a bladder tumor, clean bladder. CPT code?", {"52000"}, {"52234"}),
    ("Flexible laryngoscopy to look for a vocal cord polyp. code?", {"31575"}, {"31578"}),
    ("Cystoscopy to evaluate the urethra for stricture, none found. cpt please", {"52000"}, {"52281"}),
    ("Hysteroscopy to look for polyps, one was found and removed. CPT?", {"58558"}, {"58555"}),
    ("Cystoscopy looking for a stricture, it was there and we dilated it. CPT?", {"52281"}, {"52000"}),
    ("Blood drawn to check for lead, venous. Lab code for the lead level?", {"83655"}, set()),
]


@pytest.mark.parametrize(("text", "codes", "not_codes"), LETTERS, ids=[text for text, _, _ in LETTERS])
def test_what_was_only_looked_for_was_not_operated_on(text: str, codes: set[str], not_codes: set[str], book: Codebook) -> None:
    told = answered(text, book)
    assert codes <= {*told.report}, told.verdict
    assert not not_codes & {*told.report}, told.verdict
