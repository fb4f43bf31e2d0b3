"""A letter cut into stretches that may each name one condition, with the words of asking and telling left out."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_SENTENCE = re.compile(r"(?<!\b[ehcp])\.+(?!\d)|[?!;\n]+(?!\d)|\b(?:but|however)\b", re.IGNORECASE)
_SPREAD = r"metasta\w+|mets|spread"
_JOINT = re.compile(
    r"[,:()\"“”+&–—]|\b2/2\b|(?<!\b[a-z])/|/(?![a-z]\b)|(?<!family)\s(?=(?:h/o|s/p|hx of|history of|status post)\b)|\s(?=(?:bent (?:over|down|to)|lifted (?:an?|the|her|his)|lifting|shovell?ing|skiing|skating|dancing|snowboarding|skateboarding|mowing|raking|gardening|hiking|playing (?!with)|tripped (?:on|over)|stepped (?:on|off))\b)|(?<=suture removal) (?=\w)|(?<=staple removal) (?=\w)|(?<=stitch removal) (?=\w)|(?<!\w)['’]|['’](?!\w)|(?<!\w)-(?!\w)|\b(?:and|or|with|w/o|w|plus|due to|d/t|c/o|secondary to|caused by|because of"
    r"|owing to|on account of|brought on by|attribut(?:ed|able) to|put(?:s|ting)? (?:it )?down to|as (?:a|the) (?:result|consequence) of|result of|resulting in|led to|leading to|complicated by|complicating|causing|caused|causes|related to|associated with|in the setting of"
    r"|superimposed on|(?:who |which )?carries|found(?= (?:an?|to)\b)|passed(?= (?:everything|all|both|it|on both)\b)|diagnosed(?= (?:an?|the)\b)|(?:lanced|drained|excised|removed|froze|took off|took out|treated)(?= (?:an?|the|his|her|two|three|\d)\b)|both(?! (?:(?:the|his|her) )?(?:hands|feet|legs|arms|knees|hips|shoulders|ankles|wrists|elbows)\b(?![^.;?!]{0,40}\band\b))|(?:removed|resected|excised|cut out|treated|mastectomy|lumpectomy|[a-z]{3,12}ectomy|surgery)(?=,? (?:in (?:19|20)\d\d|last year|years ago|(?:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|several|many|a few) (?:years?|yrs?) (?:ago|back))\b)|versus|vs|who|that|which|whose|also|while|then|now|has|have|had|is|are|was|were|takes?|taking|uses|wears|wearing|given|gets|got"
    r"|(?:comes?|came)(?! back (?:low|high|elevated|abnormal)\b)(?: back)?|(?<!fell )(?<!fall )from|when|in(?= (?:dka|afib|a-fib|chf|atrial|copd|septic|acute|remission with)\b)|(?<!stay )in (?:an?|the|our|her|his)|in(?= (?:[\w-]+ ){1,3}(?:pts?|patients?|residents?)\b)|(?:(?<=n[ae]mia )(?:in|of)|(?<=mets )of|(?<=metastas[ei]s )of)(?= (?:[\w-]+ ){0,4}(?:ca|cancer|carcinoma|lymphoma|leukemia|myeloma|melanoma|sarcoma)\b)|for(?: an?| the| her| his| their)?|by|(?<!acute )on(?! the (?:right|left)\b)|(?:he|she) (?:caught|contracted|picked up)|where|says?|shows?|showed|showing|reads|writes|wrote|reveals?|revealed|documents|lists|confirms?|after|before|following|as|no|not|never"
    rf"|(?:pts?|patients?) (?:seen|here|coming|comes|came|presents|being|in)|to (?:treat|manage|evaluate|address)|turn(?:ed|s) out to be|calls? (?:it|this|that)|called (?:it|this)|ruled out|presents?|presenting|presented|developed|develops|(?:{_SPREAD})(?= (?:to|in)\b))\b",
    re.IGNORECASE,
)
_TO = re.compile(r"^\s*(?:to|in)\s+(?:the |her |his )?", re.IGNORECASE)
_OFF_WORDS = """
a an the of our her his their my this that these those pt pts patient patients person client resident man woman lady
gentleman male adult yo y/o year yr years doc doctor dr physician provider surgeon cardiologist hospitalist practitioner
np pa attending md we i they he she it you to me us admitted admission admits admit seen sees visit visits encounter
come here clinic office hospital inpatient outpatient er ed ward unit discharged discharge summary documents documented
documentation documenting notes note noted chart record states stated writes wrote says said diagnosed diagnosis
diagnoses dx icd icd10 code codes coded coding principal primary sequence sequencing sequenced order first listed list
what how do does should would can could may use used using report reported correct please thanks thank hello hi dear
question today yesterday recently currently current known stays stay day week just only still treated treatment managed
management evaluated evaluation follow-up followup follow up test tests tested two three one same other another need
needs want wants help get assign assigned bill billed claim service case scenario meds medication medications shift home
very extremely quite rather terribly awfully incredibly
team if so because since about than any all there be been being will did reason main chief complaint found shows showed
showing confirmed confirm linked link times new having suffering suffers suffer picked assessment assumes assume ok okay
set full right-side simply always really together placed tapped lab labs called elsewhere switch switched wrote goes go went lists case's patient's our's first-listed plain straight
correctly add agree something right-handed left-handed handed orif fixation drained underwent repaired bad slight some several under bug organism germ trainee coder coders coworker coworkers colleague radiologist radiologist's final signed encoder list listing knock seen known
put putting clearly lasting everything stuck only exactly later probable probably possible possibly likely suspected suspects suspecting presumed presumptive concern
crooked ago months weeks days hours blames blamed blaming fresh already resection planned elective concerning describes described describing reveals revealed demonstrates demonstrated mentions mentioned works worked either whether
impression reading rad finding hander hrs hr mos wks timed purely number numbers hers theirs splint splints splinted splinting numbing numbed medicare medicaid payer insurer whose reviewed addressed discussed checked rechecked poa per nephrology oncology cardiology urology ortho snf inpt outpt outbreak
hepatology gastroenterology pulmonology dermatology rheumatology neurology hematology endocrinology ophthalmology
superbill slip claimed est ppo hmo bcbs aetna cigna uhc humana manager partner trainee stable appointment booked mr mrs form faxed
started starts start starting began overnight twice onset indication indications young resected kid kiddo source ltac ltach anyone severity s/p h/o r/o spirometry icd-10 icd-10-cm icd-9 icd10cm 10-cm too characters ent"""
#: Words that no condition is made of.
_OFF = frozenset(_OFF_WORDS.split())
#: Some of these words belong to the name of an encounter.
_VISITS = frozenset({"visit", "encounter", "test", "tests", "follow-up", "followup", "for", "adult", "management", "s/p", "h/o"})
_DEGREES = frozenset({"first", "second", "third"})
_DEGREE = re.compile(r"\bdegree\b", re.IGNORECASE)
_AGE = re.compile(
    r"\b(?:at )?\d{1,3}[- ]?(?:yo|y/o|(?:year|yr|month|week|day)s?[- ]old|w(?:ee)?ks?(?: (?:pregnant|gestation|along|ago|(?:of|in|into) (?:the |her )?(?:pregnancy|gestation)))?)\b",
    re.IGNORECASE,
)
#: "Hypothyroidism ICD 10": the code system that is asked for, with its number.
_SYSTEM = re.compile(r"\bicd[- ]?(?:9|10|11)(?:[- ]?(?:cm|pcs))?\b", re.IGNORECASE)
#: "On oral meds": how a drug is taken, and no disease of the mouth.
_BY_MOUTH = re.compile(
    r"\boral (?=(?:meds?|medications?|medicines?|agents?|drugs?|antibiotics?|pills?|hypoglycemics?)\b)", re.IGNORECASE
)
#: How large it is: "aneurysm 4.8 cm".
_SIZE = re.compile(r"\b\d{1,3}(?:\.\d{1,2})?(?: ?x ?\d{1,3}(?:\.\d{1,2})?){0,2} ?(?:cm|mm)\b", re.IGNORECASE)
#: What was done to it, and no wound.
_CUT_OUT = re.compile(r"\b(?:cut (?:out|away|off|open)|excised)\b", re.IGNORECASE)
#: How it is known: "MRI-proven", "biopsy-confirmed".
_PROVEN = re.compile(r"\b(?:[\w-]+-)?(?:proven|confirmed|verified)\b", re.IGNORECASE)
#: That a bone came through the skin is told by the last character of the code.
_HOW_BROKEN = re.compile(r"\b(?:open|compound)\b(?=[\w' -]{0,48}\b(?:fract|fx\b|break\b))", re.IGNORECASE)
#: A test of which nothing else is told, and that found nothing.
_NOTHING_FOUND = re.compile(r"\bnegative (?:tests?|swabs?|results?)\b|\btested negative\b", re.IGNORECASE)
_THROWN_UP = re.compile(r"\b(?:thr(?:ow\w{0,3}|ew)|cough\w{0,3}|spit\w{0,4}|bring\w{0,3}) (?:\w+ )?up\b", re.IGNORECASE)
#: When it was, beside words that conditions are made of at other times ("morning stiffness", "night sweats").
_WHEN = re.compile(
    r"\b(?:(?:this|that|yesterday|tomorrow|every|since|last) (?:morning|afternoon|evening|night)|all (?:day|night)|tonight|(?:(?<=stemi )|(?<=\bmi ))last (?:week|month|year)|(?:an?|\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|several|some|a few|a couple of) (?:years?|yrs?|months?|mos?|weeks?|wks?|days?|hours?|hrs?) (?:ago|back|earlier)|long ago|acting up|c[oa]mes? back|(?:this|that) time(?: around)?|in (?:19|20)\d\d)\b",
    re.IGNORECASE,
)
#: A vitamin or a time by itself is no condition; "low vitamin D" and "stroke last month" are.
_NONE_ALONE = re.compile(
    r"vit(?:amin)?\.? [a-e]\d{0,2}(?: levels?| 25-?oh)?|(?:last|next|this|past) (?:week|month|year|spring|summer|fall|winter)"
    r"|gi|ob|gyn|neuro|derm|pulm|psych|endocrine|rheum|heme"  # who writes: "GI documents …"
    # A picture by itself names none, as an abnormal one does: "chest x-ray negative".
    r"|(?:(?!abnormal|suspicious|irregular|dense)[\w-]+ ){0,2}(?:x-?rays?|cxr|ct|mri|films?|radiographs?)"
    r"(?: (?:negative|clear|clean|normal|with|without|contrast|views?|\d))*",
    re.IGNORECASE,
)
#: "Retina clinic", "our CDI lady": who treats or codes a thing, and not that somebody has it.
_WHO_TREATS = re.compile(
    r"\b(?!(?:the|an?|our|his|her|their|my|this|that|in|at|to|from|of|for|by)\b)[\w/-]+ (?:clinics?|offices?|practices?|departments?|dept|suites?|programs?|centers?|surgeons?|specialists?"
    r"|doctors?|docs?|nurses?|coders?|billers?|lady|guy|girl|reps?|compan(?:y|ies)|(?<=sleep )labs?|(?<=cath )labs?|(?<=path )labs?|(?<=vascular )labs?)(?= *$|[ ,]+(?:at|of|in|here|that|who|which|with|for)\b|[.,;:])",
    re.IGNORECASE,
)
#: Who wrote the note, where no discord with them is told.
_HELPERS = re.compile(r"\b(?:social|case|care|outreach|health) (?:workers?|managers?|coordinators?|navigators?)\b", re.IGNORECASE)
_DISCORD = re.compile(r"\b(?:discord|conflict|trouble|problems?|fights?|argu\w+)\b", re.IGNORECASE)
#: Who has found it: the specialists by the ends of their names; of an examination they say which it is.
_CHECKED = re.compile(r"\b(?:exams?|examinations?|check-?ups?|physicals?|screen\w*)\b", re.IGNORECASE)
_SPECIALIST = re.compile(
    r"(?:[a-z]+(?:ologist|iatrist|ometrist|op(?:a?ed)ist|intensivist|internist|hygienist)|(?:ped|ger)iatrician|(?:obstetr|clin|diet|techn)ician|(?:physio)?therapist"
    r"|dentist|midwife|counsell?or|chiropractor|anesthetist|pharmacist)s?(?:['’]s)?",
    re.IGNORECASE,
)
_THREW_UP = re.compile(r"\b(?:threw|throws?|thrown) up\b", re.IGNORECASE)
_OXYGEN = re.compile(r"\bhome (?:oxygen|o2)\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’./-]*")
#: What may name a condition: a word of two letters at least, or two with a slash ("N/V").
_NAMES = re.compile(r"[A-Za-z]{2}|^[A-Za-z]/[A-Za-z]$")
_QUALITIES_WORDS = """
right left both bilateral acute chronic severe mild moderate primary secondary history female child baby infant boy girl
newborn born active open closed initial subsequent report long-term long term therapy failed failure level levels type
kind specified unspecified documented x old healing healed resolved stable normal routine status aftercare multiple z
controlled poorly well side index true false part total great big little fifth intractable displaced nondisplaced"""
#: What says how a condition is, and names none …
_QUALITIES = frozenset(_QUALITIES_WORDS.split())
_VAGUE_WORDS = """
path pathology prostate exam poisoning overdose adverse effect effects reaction drug injury pain hurt hurts hurting infection infected
disease cause surgery medicine cancer malignancy pregnancy scan image imaging film x-ray scar breast lung skin heart link tumor
lesion mass fracture wound complication symptom symptoms screening finding findings colon stomach liver kidney brain bone
spine knee hip shoulder foot hand leg arm eye ear nose throat chest abdomen back neck head bladder uterus thyroid pancreas
elbow wrist ankle toe finger calf thigh forearm blood urine stool dose pill pills tablet tablets drugs workup bowel bowels intestine
bleed bleeding sore soreness tender swollen stiff achy procedure donor status
penis vagina vulva testicle scrotum ovary cervix rectum anus tongue lip gum eyelid retina cornea nipple pelvis groin buttock heel
scalp face chin cheek forehead vein artery nerve muscle"""
#: … and what names none without a word beside it.
_VAGUE = frozenset(_VAGUE_WORDS.split())

_FIFTH = re.compile(r"\bfifth disease\b", re.IGNORECASE)  # of two words that name nothing alone
#: An organ that fails is a condition.
_FAILING = frozenset({"heart", "kidney", "liver", "lung"})
_VAGUE_PAIRS = frozenset(
    (
        "adverse effect",
        "adverse effects",
        "adverse reaction",
        "adverse reactions",
        "side effects",
        "drug reaction",
        "adverse drug reaction",
        "blood transfusion",
    )
)


class Stretch(NamedTuple):
    start: int
    end: int
    spread: bool = False  # the place that a cancer has spread to
    vague: bool = False  # tells something only beside another stretch


def stretches(text: str) -> Iterator[list[Stretch]]:
    """The stretches between joints that hold telling words, sentence by sentence."""
    begin = 0
    for end in [*(m.start() for m in _SENTENCE.finditer(text)), len(text)]:
        yield list(_row(text, begin, end))
        begin = end


def _row(text: str, begin: int, end: int) -> Iterator[Stretch]:
    at, spread = begin, False
    for joint in [*_JOINT.finditer(text, begin, end), None]:
        stop = joint.start() if joint else end
        if spread and (to := _TO.match(text[at:stop])):
            at += to.end()
        if words := telling(text[at:stop]):
            yield Stretch(at, stop, spread, vague=not spread and _is_vague(words))
        if joint:
            at = joint.end()
            spread = bool(re.fullmatch(_SPREAD, joint.group(), re.IGNORECASE)) or (
                spread and joint.group().lower() in (",", "and", "&")
            )


def telling(text: str, *, visits: bool = False) -> str:
    """The words of a stretch that may name a condition, with those of `visits` where they are asked for; "" when there are none."""
    text = _NOTHING_FOUND.sub(" ", _CUT_OUT.sub(" ", _WHEN.sub(" ", _AGE.sub(" ", _SYSTEM.sub(" ", text)))))
    text = _HOW_BROKEN.sub(" ", _PROVEN.sub(" ", text))
    text = _BY_MOUTH.sub(" ", _SIZE.sub(" ", text))
    text = _HELPERS.sub(" ", text) if not _DISCORD.search(text) else text
    text = _WHO_TREATS.sub(" ", _THREW_UP.sub("throwing up", text))
    off = _OFF - _DEGREES if _DEGREE.search(text) else _OFF
    off = off - _VISITS if visits else off
    off = off - {"use"} if "use disorder" in text.lower() else off
    off = off - {"home"} if _OXYGEN.search(text) else off
    off = off - {"up"} if _THROWN_UP.search(text) else off
    kept = [word for word in _WORD.findall(text) if word.lower().strip(".'’-/") not in off]
    if not _CHECKED.search(text):
        kept = [word for word in kept if not _SPECIALIST.fullmatch(word)]
    words = " ".join(kept)
    return words if any(_NAMES.search(word) for word in kept) and not _NONE_ALONE.fullmatch(words) else ""


def _is_vague(words: str) -> bool:
    told = [word for word in words.lower().split() if word not in _QUALITIES and not word.isdigit()]
    if _FIFTH.search(words):
        return False
    if "failure" in words.lower().split() and _FAILING & set(told):
        return False
    return (
        " ".join(told) in _VAGUE_PAIRS
        or not told
        or (len(told) == 1 and (told[0].removesuffix("s") in _VAGUE or told[0] in _VAGUE or len(told[0]) < 2))
    )
