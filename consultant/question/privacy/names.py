"""Names of patients: what makes a row of capitalised words the name of one, and what makes it somebody else's or nobody's.

A name counts when a word beside it says that it is a patient's ("pt", "Mrs.", "DOB", "her son") or when its first word is a common
first name. Doctors, coders, whoever signs the letter, payers and eponyms are left alone.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice

from consultant.question.privacy import names_abroad
from consultant.question.privacy.identifiers import BIRTH, DATE
from consultant.question.privacy.name_shapes import FULL, NAME, TURNED
from consultant.vocabulary import Span

_PATIENT = (
    r"(?i:\b(?:patient|pt|member|beneficiary|bene|client|insured|subscriber|resident|enrollee|guarantor|policyholder)\b\.?)"
)
_SAYS_SO = rf"(?:['’]s\b)?[\s,;:(/–—-]{{0,5}}(?:(?:['’]s|is|was|an?|and|his|her|whose|with)\s){{0,2}}(?:{BIRTH}|(?i:\bmrn|\bmbi\b|\bssn\b|\bhicn\b|\bmember[ ](?:id|no|number)|\bacct|\bage[ds]?\b|\bdos\b|\bchart\b[ ](?:no|\#))|\d{{1,3}}[ -]?(?i:yo\b|y/?o|year|yr|month|mo\b)|\(?{DATE})"
_CALLED_SO = r"[ ]?[,(][ ]?(?:(?:the|our|a)[ ])?(?i:patient|pt|insured|subscriber)\b"
_CARE = r"(?i:surger(?:y|ies)|procedures?|visits?|appointments?|ablation|injections?|infusions?|biopsy|colonoscopy|delivery|evaluation|therapy|treatments?|scans?|mri|ct|x-?rays?|labs?|chart|records?|claims?|bill|statement|insurance|wound|fracture|knees?|hips?|shoulders?|back|feet|foot|eyes?|teeth|mother|father|son|daughter|wife|husband)"
_RELATIVE = r"(?i:\b(?:son|daughter|wife|husband|mother|father|spouse|mom|dad|baby(?:[ ](?:girl|boy))?|newborn|infant|sister|brother|twin)\b)"

#: One capitalised word is enough where the words beside it leave no doubt.
_SURE = (
    rf"\b(?:(?:Mr|Mrs|Ms|Miss|Mx)\b\.?|(?:MR|MRS|MS)\.|MISS\b)[ ](?P<it>{NAME})",
    rf"{_PATIENT}(?i:['’]s)?[ ](?i:name)(?i:[ ]is|[ ]was)?[ ]?[:=–-]?[ ](?P<it>{TURNED}|{NAME})",
    rf"(?<![\w])(?i:patient|pt|client|resident|insured|subscriber|beneficiary|member)[ ]?:[ ]{{0,3}}(?P<it>{TURNED}|{NAME})",
    rf"(?<!my )(?<!My )(?i:\bnamed|\bname[ ]is|(?<!user)(?<!file)\bname:)[ ]{{1,2}}(?P<it>{TURNED}|{NAME})",
    rf"{_RELATIVE}[ ,:]{{1,2}}(?P<it>{NAME})",
    rf"{_PATIENT}[ ,]{{1,2}}(?P<it>{NAME})(?=,|[ ]\(|['’]s\b|[ ](?:was|is|had|has|came|got|presented|needs|needed|says|said|already|who|underwent|fell|received|returned|seen|wants|called)\b)",
)
#: Two words at least, or a last name, a comma and a first one.
_LIKELY = (
    rf"{_PATIENT}(?i:['’]s)?[ ,(–—-]{{1,4}}(?:(?:is|was|named|called)[ ])?(?P<it>{TURNED}|{FULL})",
    rf"(?P<it>{TURNED}|{FULL})(?={_SAYS_SO}|{_CALLED_SO})",
    rf"(?i:\b(?:re|regarding|about|concerning|case|visit[ ]of|chart[ ]of|record[ ]of|report[ ]of|claim[ ]for|statement[ ]to|spoke[ ]with|saw|pt|patient)\b)[ ]?:?[ ]{{1,2}}(?P<it>{TURNED}|{FULL})",
    rf"(?P<it>{FULL})['’]s?[ ](?:(?:first|second|third|last|next|new|old|prior|previous|recent|current|left|right|second[ ]and[ ]third)[ ]){{0,2}}{_CARE}\b",
    rf"(?m:^[ \t]{{0,8}})(?P<it>{TURNED})(?=[ ]?[/(–-]|[ ]\d|\n|$)",
)
_SURE_PATTERNS = (*(re.compile(pattern) for pattern in _SURE), *names_abroad.SURE_PATTERNS)
_LIKELY_PATTERNS = (*(re.compile(pattern) for pattern in _LIKELY), *names_abroad.LIKELY_PATTERNS)
_ANY_FULL = re.compile(rf"(?<![\w.'’-])(?P<it>{TURNED}|{FULL})")
_SPLIT = re.compile(r"[ ,]+")
_WORDS = re.compile(r"[^\s,]+")

#: Capitalised words that are no part of a patient's name: they end one, and nothing begins with them.
_TRADE = """
a abn able dob mbi icn hicn about accident account acct active add additional address admission admit admitted adult advantage advice aetna after age
aged all allowed also am amerigroup amount an and anesthesia ankle annual another anthem any appeal appeals april are arm article as
ask assist at august authorization auto az back balance baptist batch bcbs because been before behavioral beneficiary benefits best
better bilateral bill billed billing bills birth blue board both box breast brief but by ca call called can cardiology care case
category center centers centers chart check chest chief child children chip choice cigna claim claims clia client clinic clinical
cms cobra code coder coders codes coding colonoscopy commercial community company complaint complete complex condition consult
contractor copay corp correct could county coverage covered cpt cross ct cyst date day days dear december deductible deleted denial
denials denied denies department dermatology diagnosis diagnostic did director discharge discount disease do doctor does doing done
dos dose dr drug due dx each ear edit education effective eight eligibility emergency emergent employer encounter endoscopy ent er
error established est evaluation evening exam excision eye facility family fax february fee female file financial first five florida
follow followup foot for form forms four fracture friday from full general get global good greetings group guide guideline had
hand has have hcpcs he health healthcare heart hello help her here hi hip his history home hospice hospital hospitals hour hours how
humana icd if im imaging in inc incident information initial injection injury inpatient inquiry insurance insured intake internal
is issue it its january job jobs july june just kaiser knee lab laboratory last lcd left leg less letter letters level lifestyle
line lines list llc local long low ltd lt lung mac male manager march may mba md mds me medicaid medical medicare medicine member
mental michigan minute minutes missing modifier modifiers molina monday month monthly morning mr mri mrs ms much multiple my name
named national ncci ncd ndc neck need needs neither neonatal never new next nine no non none nor north northwest not note notes
november novitas noridian npi number nurse nursing observation occupational october of office ohio old on once one only op optum or
order orthopedic orthopedics other our out outpatient over page palmetto paid paper parent part partial partners path pathology
patient patients payer payment pcp pediatric pediatrics per performed period phone physical physician physicians place plan please
plus pm policy portal pos post prior procedure progress provider providers pt pta quantity question questions radiology rate re
rebill reason record records referral referred refund regarding regards rehab relations remark request responsibility result results
return review right room routine rt rural same saturday school score screening second secondary see seen self send september service
services session seven several shall she shield should shoulder sick signature since sincerely six skin so social some south specialist
specialists specialty spine ssn staff standard state statement status still street subject subscriber summary sunday supervision
surgeon surgery surgical system taxonomy team telehealth ten test tests texas thank thanks that the their them then therapy there these
they third this those three through thursday time times tin to today total transfer travel treatment tricare tuesday twice two type
ultrasound under unit united units university unknown until up urgent urology us use veterans vaccine via visit visits vs waiver was
we wednesday week weekly well wellcare wellness were west what when where which who whom whose why will with without wound wrist
xray yes yesterday you your zip
"""
_STOP = frozenset(_TRADE.split()) | names_abroad.TRADE
#: What follows makes the words before it a house or a thing, not a person.
_HOUSES = re.compile(
    r"[ ](?:Hospitals?|Health\w{0,6}|Medical|Medicine|Clinics?|Cent(?:er|re)s?|University|Insurance|Plans?|Foundation|College|Associates|Group|Orthop\w{1,8}|Dermatology|Pediatrics|Heart|Surg\w{1,6}|cyst|fracture|disease|syndrome|procedure|criteria|catheter|LLC|Inc)\b"
)
_CREDENTIALS = re.compile(
    r",?[ ](?:C[PO][CP]\b|CPC|CCS|CPMA|RHI[AT]|CPB|COC|CRC|M\.?D\b|D\.?O\b|PA(?:-C)?\b|NP\b|RN\b|LPN|DPM|DDS|DMD|PT,|DPT|OD\b|PhD|APRN|FNP|CNM|CRNA)"
)
_SOMEBODY_ELSE = re.compile(
    r"(?i:\b(?:dr|drs|doctor|physician|surgeon|provider|coder|biller|manager|supervis\w{1,4}|assist\w{0,4}|nurse|therapist|attending|director|auditor|colleague|np|pa|by|i['’]m|i[ ]am|this[ ]is|my[ ]name[ ]is|sincerely|regards|thanks|hi|hello|dear|and[ ]dr)\b)[.,:]?[ ](?:physician[ ])?$"
)
_GIVEN = """
aaron abigail adam adrian aisha alan albert alejandro alexander alexandra alice alicia allison amanda amber amy ana andrea andrew angel
angela anita ann anna anne annette anthony antonio arthur ashley barbara beatrice benjamin bernard beth betty beverly bonnie bradley
brandon brenda brian bruce bryan caleb cameron carl carla carlos carmen carol caroline carolyn catherine cecilia charles charlotte
cheryl chloe chris christian christina christine christopher cindy claire clara clarence craig crystal cynthia daisy daniel daniela
danielle david deborah debra denise dennis derek diana diane diego donald donna dorothy douglas dylan edgar edith edna eduardo edward
edwin eileen elaine elena eli elias elijah elizabeth ella ellen emily emma eric erica erin ernest esther ethan eugene eva evelyn
fatima felix fernando florence frances francis francisco frank fred gabriel gail gary george gerald geraldine gilbert gladys glenn
gloria gordon greg gregory hannah harold harriet harry harvey hazel heather hector helen henry herbert herman howard hugh ian ida irene
isaac isabel isabella ivan jack jacob jacqueline james jamie jane janet janice jasmine jason javier jean jeffrey jennifer jeremy jerome
jerry jesse jessica jill jim jimmy joan joann joe joel john johnny jonathan jorge jose joseph josephine joshua joyce juan juanita judith
judy julia julian julie justin karen karl katherine kathleen kathryn kathy katie keith kelly kenneth kevin kimberly kyle larry laura
lauren laurie lawrence leah leo leon leonard leroy leslie lillian lily linda lisa liam logan lois lori louis louise lucas lucia lucille
lucy luis luke lydia lynn madison manuel marcus margaret maria marie marilyn mario marion marjorie marlene martha martin marvin mary
mateo matthew maureen mei melanie melissa melvin mia michael michelle miguel mildred milton mohammed monica monique morris nancy naomi
natalie nathan nicholas nicole noah nora norma norman oliver olivia omar oscar pamela patricia patrick paul paula pauline pedro peggy
peter philip phillip phyllis priya rachel ralph ramon randall randy raymond rebecca regina renee rhonda ricardo richard rita robert
roberta roberto rodney roger roland ronald rosa rosemary roy ruben russell ruth ryan salvador samantha samuel sandra sara sarah scott
sean sergio seth sharon shawn sheila shirley sofia sonia sophia stacy stanley stella stephanie stephen steve steven sue susan suzanne
sylvia tamara teresa thelma theodore theresa thomas tiffany timothy tina todd tony tracy travis tyler valerie vanessa vera vernon
veronica victor victoria vincent viola violet virginia vivian walter wanda warren wayne wendy william willie yolanda yvonne zachary
"""
_FIRST = frozenset(_GIVEN.split())
#: Marks that are one person's own, and how near a name must stand to be hers.
_ONES_OWN = frozenset({"MRN", "SSN", "Medicare number", "member number", "account", "claim number", "birth date"})
_NEAR = 60
_ENDS = re.compile(r"[.?!;][\s]|\n")
#: Payers by names that could be people's or places'.
_HOUSES_WITH_MEMBERS = """
absolute alignment ambetter amerihealth arise bright buckeye capital caresource carefirst centene clover commonwealth devoted
emblem excellus fidelis geisinger harvard healthfirst highmark home hopkins horizon independence keystone magnolia medica meridian
oscar passport peach pilgrim premera premier presbyterian priority regence rocky sanford scan select sentara sunflower sunshine
superior trillium tufts upmc wellmark zing
"""
_PAYERS = frozenset(_HOUSES_WITH_MEMBERS.split())
#: Who treats, in capitals.
_LETTERED = frozenset({"PA", "DO", "OD", "OT", "SLP", "LCSW", "ARNP", "APRN", "CRNA"})


def names(text: str, most: int, marks: Sequence[Span] = ()) -> Iterator[Span]:
    """Names of patients with their places, at most so many for each way of telling, in no order; they may overlap.

    `marks`: numbers and dates that are a patient's. A name in one sentence with such a one is hers.
    """
    owned = sorted((mark for mark in marks if mark.label in _ONES_OWN), key=lambda mark: mark.start)
    for patterns, words_needed in ((_SURE_PATTERNS, 1), (_LIKELY_PATTERNS, 2)):
        for pattern in patterns:
            for match in islice(pattern.finditer(text), most):
                yield from _kept(text, match, words_needed)
    for match in islice(_ANY_FULL.finditer(text), most):
        yield from (span for span in _kept(text, match, 2) if _given_name(span.text) or _beside(text, span, owned))


def _beside(text: str, span: Span, marks: Sequence[Span]) -> bool:
    """Does one of these marks stand near, in the same sentence? Payers have members too, and are no persons."""
    if not _PAYERS.isdisjoint(word.lower() for word in _SPLIT.split(span.text)):
        return False
    after = bisect_left(marks, span.end, key=lambda mark: mark.start)
    between = [text[mark.end : span.start] for mark in marks[max(0, after - 1) : after]]
    between += [text[span.end : mark.start] for mark in marks[after : after + 1]]
    return any(len(part) <= _NEAR and not _ENDS.search(part) for part in between)


def _given_name(written: str) -> bool:
    """Does it begin with a common first name, or have one behind the comma?"""
    parts = _SPLIT.split(written)
    place = next((n + 1 for n, part in enumerate(written.split(" ")) if part.endswith(",")), 0)
    return place < len(parts) and parts[place].lower() in _FIRST


def _kept(text: str, match: re.Match[str], words_needed: int) -> Iterator[Span]:
    """The name without the words round it that are no part of it; nothing when it is no patient's."""
    words: list[tuple[int, int]] = []
    for word in _WORDS.finditer(text, match.start("it"), match.end("it")):
        if not _no_name(word.group()):
            words.append(word.span())
        elif words or words_needed == 1:
            break
    while words and words[-1][1] - words[-1][0] == 1:
        words.pop()
    if sum(end - start > 1 for start, end in words) < words_needed:
        return
    start, end = words[0][0], words[-1][1]
    if _HOUSES.match(text, end) or _CREDENTIALS.match(text, end) or _SOMEBODY_ELSE.search(text, max(0, start - 30), start):
        return
    yield Span(start, end, text[start:end], "name")


def _no_name(word: str) -> bool:
    """A word of the trade, or an abbreviation without a vowel ("CPT", "XRAYS" has one and is in the list)."""
    plain = word.strip(".'’-").lower()
    if word.isascii() and word.isupper() and len(word) > 1 and (word in _LETTERED or not re.search("[AEIOUY]", word)):
        return True
    return plain in _STOP
