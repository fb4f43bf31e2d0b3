"""Letters of several sentences: what was done, what happened besides, what a colleague thinks, and then the question."""

from __future__ import annotations

import pytest

from consultant import classifier, question
from consultant.classifier.confidence import ABSTAIN_BELOW, doubted_by_words
from consultant.classifier.diagnoses.stretches import telling
from consultant.classifier.hearing.written import written
from consultant.classifier.prepared import prepared
from consultant.codebook import Codebook
from consultant.vocabulary import Match, Topic
from tests.asking import TODAY, answered

KNEES = (
    "Known patient of ours, Aetna, here for the injections in both knees that were planned last month for her "
    "arthritis. The doctor put 40 mg of triamcinolone from our shelf into each knee by feel, without ultrasound. "
    "She had parked badly and was in a hurry. Which codes with units, and what is the diagnosis?"
)


@pytest.mark.parametrize(
    ("letter", "supported"),
    [
        ("His note supports a 99203 on its own. What else?", {"99203"}),
        ("A separate moderate visit (99214) was written up.", {"99214"}),
        ("99213 documented separately, and the ear was flushed.", {"99213"}),
        ("She documented a 99213 for the cough.", {"99213"}),
        ("The doctor leveled it 99214 and I agree.", {"99214"}),
        ("We can support that extra problem as a 99213.", {"99213"}),
        ("The visit was documented to 99213.", {"99213"}),
        ("The claim went out with 99213 and 20610, which needs 25?", set()),
        ("The note supports 20610.", set()),
        ("Does the note support 99214?", set()),
        ("The auditor says the note doesn't support 99215.", set()),
        ("We sent 99214, the note supports only 99213.", {"99213"}),
        ("A short visit (not 99214) was written up.", set()),
    ],
)
def test_a_level_that_the_note_bears_out_is_told(letter: str, supported: set[str]) -> None:
    assert {code.code for code in question.read(letter, today=TODAY).codes if code.supported} == supported


def test_the_level_of_the_note_stands_and_no_level_is_worked_out_beside_it(book: Codebook) -> None:
    answer = answered(
        "Established patient, Cigna, was here for her migraine; the note supports 99214. She had come 40 minutes late. "
        "The nurse also gave her Toradol 30 mg in the muscle from our stock. What do we bill for the day?",
        book,
    )
    assert {"99214", "-25", "96372"} <= {*answer.report}
    assert not {"99213", "99215"} & {*answer.report}
    assert any("bears out 99214" in statement.text for statement in answer.statements)


def test_each_line_has_the_side_that_its_own_sentence_tells(book: Codebook) -> None:
    answer = answered(
        "Commercial patient. The podiatrist injected the left plantar fascia with 4 mg of dexamethasone. Three views of "
        "the right ankle were taken here because he had rolled it on Sunday. Which codes and modifiers?",
        book,
    )
    signs = {line.code: line.modifiers for line in answer.lines}
    assert signs["20550"] == ("-LT",)
    assert signs["73610"] == ("-RT",)


def test_a_single_side_is_the_side_of_every_line_that_has_sides(book: Codebook) -> None:
    answer = answered("Left breast cancer: lumpectomy with clear margins and deep axillary sentinel nodes taken. Codes?", book)
    signs = {line.code: line.modifiers for line in answer.lines}
    assert signs["19301"] == signs["38525"] == ("-LT",)


def test_what_there_was_not_brings_no_rule(book: Codebook) -> None:
    answer = answered(
        "Our doctor makes house calls. On Monday she saw an established Medicare patient in his own house for heart "
        "failure, moderate decision making, about 30 minutes in all. There was no procedure and no vaccine that day, "
        "and the daughter made coffee for everybody. The front desk was not sure about the place. Which visit code?",
        book,
    )
    assert "99349" in answer.report
    assert "M0201" not in answer.report


def test_words_of_different_sentences_make_no_act_of_a_story(book: Codebook) -> None:
    answer = answered(
        "We opened a boil of the right armpit on Monday, one pocket, and packed it. The patient came with her sister, "
        "who works for a software firm and told us about the drainage of her own cellar. They were friendly. United is "
        "the payer and nothing else was looked at on that day by anybody. Which procedure code?",
        book,
    )
    assert "10060" in answer.report
    assert "38525" not in answer.report


def test_a_story_is_not_withheld_for_what_its_other_sentences_tell(book: Codebook) -> None:
    answer = answered(
        "Our psoriasis patient had excimer laser treatment of elbows, knees and lower back, 310 sq cm in total. Humana approved "
        "the series in writing. She juggles two jobs and a marathon, and brought homemade marmalade for the crew, who are all "
        "fond of marmalade and of toast. Which code and how many units?",
        book,
    )
    assert answer.report == ("96921",)


def test_two_acts_are_told_though_the_object_of_each_would_send_the_other_away(book: Codebook) -> None:
    answer = answered(
        "Open first-time repair of a reducible right inguinal hernia with mesh, then through its own cut at the navel "
        "he closed a reducible umbilical hernia of 2 cm, also with mesh. What does the surgeon bill?",
        book,
    )
    assert {"49505", "49591"} <= {*answer.report}


def test_a_knee_is_injected_though_it_was_filmed_too(book: Codebook) -> None:
    answer = answered(KNEES, book)
    assert {"20610", "J3301", "-50"} <= {*answer.report}
    assert answer.units["J3301"] == 8
    assert not any(code.startswith("Z86") for code in answer.report)  # "planned last month" is no history of a stroke


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("The trainee believes it is a complex repair.", True),
        ("Her old cheat sheet lists the repair.", True),
        ("Mom wanted a school note.", True),
        ("Somebody put a repair on the slip.", True),
        ("Mom wanted to go home after the repair.", False),
        ("The nurse gave the vaccine.", False),
        ("The PA wants 12042 for the layered repair.", True),
    ],
)
def test_what_people_and_papers_claim(text: str, claimed: bool) -> None:
    assert any(fact.dimension == "claimed" for fact in question.read(text, today=TODAY).facts) is claimed


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("She was 40 minutes late.", []),
        ("Mom drove back an hour later.", []),
        ("We were on hold for 45 minutes with the payer.", []),
        ("There was an hour between them.", []),
        ("Discharged 8.5 hours later.", [510.0]),
        ("We spent 25 minutes on her thyroid.", [25.0]),
    ],
)
def test_minutes_that_only_passed_are_nobodys(text: str, minutes: list[float]) -> None:
    facts = question.read(text, today=TODAY).facts
    assert [fact.value for fact in facts if fact.dimension == "minutes"] == minutes


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("18-month checkup of a toddler, M-CHAT scored.", 1.0),
        ("6-month checkup after his hip replacement.", None),
    ],
)
def test_months_before_a_checkup_are_the_age_of_a_child(text: str, age: float | None) -> None:
    facts = question.read(text, today=TODAY).facts
    assert next((fact.value for fact in facts if fact.dimension == "age"), None) == age


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("Commercial, 45 F established annual exam.", 45.0),
        ("72M here for his wellness visit.", 72.0),
        ("Foley 16 F placed, pt went home.", None),
        ("Temp 99.5 F, patient was sent home.", None),
    ],
)
def test_a_number_before_the_letter_of_a_sex_is_an_age(text: str, age: float | None) -> None:
    facts = question.read(text, today=TODAY).facts
    assert next((fact.value for fact in facts if fact.dimension == "age"), None) == age


def test_a_condition_at_the_end_of_a_story_is_found(book: Codebook) -> None:
    answer = answered(
        "Our internist was asked to look at a patient before his cataract operation of the right eye next month. The "
        "eye surgeon's letter calls it an age-related nuclear cataract. The visit was a general check before surgery, "
        "chest clear, legs without swelling, form signed and sent back to the surgeon on the same afternoon. She also "
        "carries hypertension. Which dx codes?",
        book,
    )
    assert "I10" in answer.report


@pytest.mark.parametrize("word", ["file", "down", "keep", "ballooned"])
def test_a_word_of_a_story_that_only_resembles_a_condition_is_none(word: str, book: Codebook) -> None:
    answer = answered(
        "An established patient of our midwife came in with a Bartholin abscess on the left. The doctor numbed it, drained it "
        f"and left a Word catheter in for four weeks; {word}, {word}. The front desk did not know what to enter for that "
        "day, and the payer is a Medicaid plan. Which CPT code, and which dx?",
        book,
    )
    assert {code for code in answer.report if code[0].isalpha()} == {"N75.1"}


def test_a_digit_is_said_on_every_line_that_has_one(book: Codebook) -> None:
    answer = answered("Fracture of the right little toe, closed, no manipulation; two views of the toes. Which codes?", book)
    signs = {line.code: line.modifiers for line in answer.lines}
    assert signs["28510"] == signs["73660"] == ("-T9",)


def test_a_story_is_told_by_its_length(book: Codebook) -> None:
    lexicon = prepared(book).lexicon
    assert lexicon.read(question.read(KNEES, today=TODAY)).is_story
    assert not lexicon.read(question.read("Both knees injected. Codes?", today=TODAY)).is_story


def test_what_else_a_story_asks_is_read_from_the_sentences_that_ask(book: Codebook) -> None:
    letter = (
        "Our surgeon excised a lesion of the right arm, 1.2 cm with its margins, and the payer denied the assistant's claim "
        "with a modifier that nobody here had ever seen. The patient is on a plan that covers little, and her brother works "
        "in the payment office of the same insurer. She liked us. Which code is right for the excision of a benign lesion?"
    )
    found = classifier.classify(question.read(letter, today=TODAY), book, TODAY)
    assert Topic.CODE_LOOKUP in (found.topics[0], found.likely)


@pytest.mark.parametrize(
    ("words", "is_story", "answers"),
    [
        (("opened the pulley", "trigger finger"), True, True),
        (("opened", "finger", "pulley", "trigger"), True, False),
        (("opened", "finger", "pulley", "trigger"), False, False),
        (("opened the pulley", "trigger finger"), False, False),
    ],
)
def test_a_story_is_judged_by_the_words_met_and_not_by_those_that_stay_over(
    words: tuple[str, ...], is_story: bool, answers: bool
) -> None:
    met = Match("family", "hand-release", "", 0.8, words)
    assert (doubted_by_words(0.9, [met], 6.0, "word " * (60 if is_story else 20)) >= ABSTAIN_BELOW) is answers


def test_a_story_whose_card_rules_on_the_codes_it_names_is_judged_as_any_letter() -> None:
    met = Match("card", "a-pair", "", 0.8, ("97140", "97530"))
    assert doubted_by_words(0.9, [met], 0.0, "word " * 60) == 0.9


def test_a_story_with_much_talk_is_answered(book: Codebook) -> None:
    answer = answered(
        "Goalie of the village club, 22, PPO from another state. Through the arthroscope the surgeon rebuilt the ACL of his "
        "right knee with his own hamstring and sewed the medial meniscus. His grandmother phones every morning for an estimate, "
        "the vending machine hums, and an auctioneer who plays poker with our accountant swears the harvest is a line of its "
        "own. Which procedure code goes out?",
        book,
    )
    assert "29888" in answer.report


SECOND_EYE = (
    "Same surgeon, Medicare. He took the cataract out of the left eye on February 2, and five weeks later he did a YAG "
    "capsulotomy of the right eye. What code and modifiers for the laser?"
)
OTHER_EYE_UNTOUCHED = (
    "Routine cataract surgery with implant in his right eye; our optometrist took over the care after it. The left eye "
    "hasn't been touched. What code and modifiers do we put?"
)


@pytest.mark.parametrize(
    ("letter", "signs"), [(SECOND_EYE, {"66821": ("-79", "-RT")}), (OTHER_EYE_UNTOUCHED, {"66984": ("-RT", "-55")})]
)
def test_the_side_is_the_one_that_was_worked_on(letter: str, signs: dict[str, tuple[str, ...]], book: Codebook) -> None:
    assert {line.code: line.modifiers for line in answered(letter, book).lines} == signs


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("retina clinic", ""),
        ("Our CDI lady", ""),
        ("the hospital sleep lab", ""),
        ("group B strep", "group B strep"),
        ("a hip fracture", "hip fracture"),
    ],
)
def test_who_treats_a_thing_is_nobodys_condition(text: str, left: str) -> None:
    assert telling(text) == left


def test_a_contraction_and_a_title_before_a_name_are_no_abbreviations() -> None:
    assert [word.text for word in written("I'd say Ms. Ruiz has MS")] == ["i'd", "say", "ruiz", "has", "ms"]


def test_a_story_has_no_line_by_a_keyword_beside_its_answer(book: Codebook) -> None:
    letter = (
        "Medicare lady, established, two years out from the implant, came for the check of her dual-lead pacemaker. It was "
        "hooked up to the programmer, interrogated and reprogrammed, rate response set anew, and the doctor signed his "
        "report. A rhythm strip came out of the machine, and the MA put it into the chart with her lunch receipt. What goes "
        "on the claim for the pacemaker check?"
    )
    report = answered(letter, book).report
    assert "93280" in report
    assert "93040" not in report


def test_hours_away_are_nobodys_minutes() -> None:
    facts = question.read("She lives 3 hours away and was seen for 25 minutes.", today=TODAY).facts
    assert [fact.value for fact in facts if fact.dimension == "minutes"] == [25]


@pytest.mark.parametrize(
    ("letter", "wanted", "unwanted"),
    [
        (
            "RF ablation, right lumbar facet joints L4-5 and L5-S1. A doctor elsewhere did his neck in 2022. Codes, units?",
            {"64635", "64636"},
            {"64633", "64634"},
        ),
        (
            "Mole on the back, 1.2 cm, cut out with 0.3 cm margins. Path: benign. Another doctor did a melanoma in 2018.",
            {"11402"},
            {"11602", "88305"},
        ),
    ],
)
def test_what_others_did_years_ago_brings_no_line(letter: str, wanted: set[str], unwanted: set[str], book: Codebook) -> None:
    report = {*answered(letter, book).report}
    assert wanted <= report
    assert not unwanted & report


@pytest.mark.parametrize(
    ("letter", "wanted"),
    [
        (
            "Potassium: K+ checked 3x the same day for hyperkalemia, sent with 76, denied as duplicate. Right modifier?",
            {"84132", "-91"},
        ),
        ("Layered closure: 4 cm cut of the right arm, and a 5 cm cut of the left arm in layers too. Code?", {"12034"}),
        ("De Quervain's, right wrist, injected. Does the code have a left/right version?", {"M65.4"}),
    ],
)
def test_a_sign_a_sum_and_a_code_asked_for_in_other_words_are_heard(letter: str, wanted: set[str], book: Codebook) -> None:
    assert wanted <= {*answered(letter, book).report}


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        (
            "Nursing home follow-up, stable diabetes and a heel sore, decision making is charted as moderate. Which visit code?",
            "99309",
        ),
        ("Hospital day 3, recovering slowly, medical decision making documented as high. Which subsequent code?", "99233"),
        ("SNF subsequent visit, stable, low MDM. Which code?", "99308"),
    ],
)
def test_a_level_told_of_the_decisions_says_more_than_a_word_about_the_disease(letter: str, code: str, book: Codebook) -> None:
    assert [one for one in answered(letter, book).report if one.startswith("99")] == [code]


FLUSH = (
    "She came between her chemo days only to have the port flushed with saline and heparin, no labs drawn and no drug given, and "
    "her son waited in the hall with a book. The new temp typed 96372 with 99211 on the slip. I remember one code for a flush "
    "alone. Which one is it?"
)
STICK = (
    "Medicare patient in our clinic, which has a certificate of waiver. Fingerstick A1c on the desktop analyzer, 7.9, and the "
    "doctor was pleased for once. The nurse says we ought to bill a venipuncture instead since a finger stick pays nothing. The "
    "test line was denied without any modifier. How does the A1c line look?"
)
BURN = (
    "Kitchen helper, fryer oil on the left forearm, second degree by the doctor's note, first visit with us, comp claim, he was "
    "still in his apron and his boss sat beside him the whole time. The EHR suggests T22.012A, which is of no degree at all. "
    "Burn code, please?"
)


@pytest.mark.parametrize(
    ("letter", "wanted", "unwanted"),
    [
        (FLUSH, {"96523"}, {"96372", "99211"}),
        (STICK, {"83036", "-QW"}, {"36415"}),
        (BURN, {"T22.212A"}, {"T22.012A"}),
    ],
)
def test_what_others_keyed_or_would_bill_instead_brings_no_line(
    letter: str, wanted: set[str], unwanted: set[str], book: Codebook
) -> None:
    report = {*answered(letter, book).report}
    assert wanted <= report
    assert not unwanted & report


def test_a_vertebra_that_was_left_alone_is_not_counted(book: Codebook) -> None:
    letter = "Two vertebrae ballooned and cemented, T12 and L2; L4 fracture is chronic, not treated. Codes, units?"
    assert answered(letter, book).units == {"22513": 1, "22515": 1}
