"""The code system that a letter asks for, and what it says it speaks of."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from functools import lru_cache

from consultant.classifier.hearing.words import sentence_round
from consultant.vocabulary import CORRECT, NO_DEVICE, Question, Span, System

#: Letters of which is remembered what they ask: several rooms want to know it of the one that is read.
KEPT = 4

_ICD = rf"icd{NO_DEVICE}\w{{0,6}}"
#: "Do I code the sign/symptom or the result?", "history code or active?": which of two diagnoses is to be reported.
_COMPLAINT = (
    r"(?:pain|symptoms?|signs?|(?:signs?|symptoms?)/(?:signs?|symptoms?)|complaint|findings?|reason|fever|cough|headache|mass|lump"
    r"|bleeding|indication)"
)
_ONE_OF_TWO = (
    rf"(?:codes?|bills?|reports?|uses?|lists?|puts?|carr(?:y|ies)|assigns?) (?:the )?(?:\w+ )?{_COMPLAINT} or (?:the |what |her |his )?\w+"
    rf"|(?:codes?|reports?|lists?) (?:the )?[\w-]+ (?:only|alone|by itself) or (?:also )?(?:the )?{_COMPLAINT}"
    rf"|{_COMPLAINT} or (?:the )?(?:findings?|results?|diagnosis)|history (?:codes? )?or (?:an? |as )?(?:active|current)|(?:active|current) or (?:an? |as )?history"
)
#: "Do we also code the nasal obstruction?": whether what ails goes on the claim as well.
_ALSO = (
    r"(?:do|should|can|may|must) (?:we|i) (?:also |still |separately )?(?:code|list) (?:for )?(?:the |her |his )?(?:[\w-]+ ){0,2}"
    rf"(?:{_COMPLAINT}|obstruction|swelling|nausea|vomiting|dizziness|weakness|fatigue|hypoxia|dehydration|hypotension"
    r"|\w+(?:itis|osis|emia|uria|algia|opathy|plegia|rrhea|pnea|edema))(?= *(?:too|as well|separately|also|besides)?\?)"
)
#: A code that is spoken of by what it says: "the acute stroke code".
_BY_NAME = (
    r"(?:disorder|stroke|burn|extent|influenza|flu|obesity|chapter|diabetes|disease|sepsis|symptom|ulcer|pneumonia|copd|mi|bmi|sequelae?|finding|signs?|ckd|hypertension"
    r"|normal delivery|heart attack|depression|anxiety|dementia|asthma|pregnancy|tobacco(?: use)?|smoking|neoplasm|anemia|stage|outside[- ]cause"
    r"|external[- ]cause|late effects?|combination|encounter z|use z) codes?"
    r"|inpatient rules?|surveillance visit|(?:doctor|provider|physician|note|chart|surgeon) (?:does not|doesn't|never|did not|didn't) (?:say|link|tie|connect|call)\b(?! (?:what|which|how|whether|if|when|where))|assum\w+ the link|7th characters?|code for the (?:ischemia|anemia|infection|pain|fracture)|for the (?:ischemia|anemia|infection)\?|status code|s code or m code|m code or s code|problem list|aftercare codes?|outcome (?:of delivery )?codes?|last character|what(?:'s| is) first(?! (?:code|procedure|line))|(?:bill|report|use|list|put) the (?:\w+ ){1,2}or the (?:\w+ )?(?:pain|symptoms?|signs?|complaint|finding|reason|fever|cough|headache|indication)\b|code the \w+ or the \w+|open or closed(?! (?:treatment|reduction|repair|surgery|approach))"
    r"|(?:initial|subsequent) encounter|(?:ordering|referring) (?:doctor|physician|provider|clinician)'s (?:symptom|sign|diagnosis|indication)"
    r"|in (?:what|which) order|(?:must|should|has to|have to) (?:be|go|come) first|(?:goes|comes|come|go|put\b[^.?!,;]{0,25}) first\b(?!-| (?:one|\d))|coded an? (?:old|acute|active|current)|list first|what do i list"
    rf"|{_ONE_OF_TWO}|{_ALSO}"
)
_LONG_TERM = r"long[- ]term (?:\w+ )?(?:use|drug|therapy|medication)s?(?: \w+)? codes?|long[- ]term use\b.{0,20}\bcoded"
#: Which comes first, or in which order; what is sequenced of a gene is none of these.
_ORDER = (
    r"principal(?! (?:care|illness|physician|investigator|illnesses))|first[- ]listed"
    r"|(?<!rapid )(?<!full )(?<!gene )(?<!dna )(?<!exome )(?<!genome )sequenced?(?! (?:of|tests?|testing|analysis|variants?|assay))"
    r"|sequencing(?= (?:rule|guideline|question|order|of (?:codes|dx|diag)|for|between)|\?)|seq(?=\?| order| of (?:codes|dx))"
)
#: "Full code?", "codes with all characters", "injury code?", "gastroenteritis code only": the code of what ails the patient.
_FULL_CODE = (
    r"(?:^|[.!?;] )(?:the )?(?:full|most specific|injury) (?:dx )?codes?\b(?! or the)|\bcodes? (?:with|to) all (?:the )?characters|\ball (?:the )?characters\?"
    r"|\b\w+(?:itis|osis|emia|opathy|algia|uria|plegia|rrhea) codes?\b|\binjury dx\b"
)
#: "Which N code?", "B35 code": a letter that HCPCS has not, or one with figures …
_OF_A_CHAPTER = r"(?:(?-i:[FNOZ])[- ]codes?|which (?-i:I)[- ]codes?|(?-i:[A-TV-Z]\d[\dA-Z])[- ]codes?)\b"
#: … and "Which K code?" where nothing is told that a supplier or a nurse did.
_OF_TWO_SYSTEMS = re.compile(r"(?:\b(?:which|what|right) |(?<=[.!?;,] ))(?-i:[BKRST])[- ]code\b", re.IGNORECASE)
#: "A or K?": of two letters of one place which stands at the end of an injury's code.
_WHICH_LETTER = r"(?<!part )(?<!type )(?<!group )(?<!grade )(?<!class )\b(?-i:[AB](?: because(?: \w{1,12}){1,4})? (?:or|vs) [DGKPS]|[DGKPS] (?:or|vs) [ABDGKPS])(?= ?[?.,]| for\b|$)"
#: "…, lab visit dx": the wish at the end of the letter, with what it is for.
_AT_THE_END = (
    r"[,.;:] ?(?:(?!(?:and|plus|with|codes?|cpt|modifiers?|procedures?|by|per|for|without|on|this|same|medical|physical|bodily|psych|psychiatric|mental|final|no|new|an?|the|needs?|each|has|have)\b)[\w'-]{1,16} ){1,3}"
    r"(?:dx|diagnos[ei]s)(?: codes?)?\W{0,3}$"
)
#: "ICD 10 for X", "X dx": the wish at either end of a letter. Where work is told it may mean its reason, save in a few words.
_SYSTEM = r"(?:dx|icd[- ]?(?:9|10)?(?:[- ]?cm)?)"
_AT_THE_BEGINNING = re.compile(
    rf"(?:^|[.?!;\n]) *(?:the |need )?(?:{_SYSTEM}|diagnos[ei]s)(?: codes?)? (?:for|of|on)\b", re.IGNORECASE
)
_LAST_WORD = re.compile(rf"\b{_SYSTEM}(?: codes?)?(?: please| pls)?\W*$", re.IGNORECASE)
_NO_LAST_WORD = re.compile(
    r"\b(?:(?:and|or|plus|with|by|per|for|on|an?|the|his|her|their|our|my|each|final|mental|medical|physical)"
    rf"|(?:no|not|without|needs?|has|have|had|any|new|same|this|that)(?: (?:other|specific|definit\w+|separate|second|cover\w+|valid|cancer))?|psych\w*|[a-z]+scop(?:y|ies)) {_SYSTEM}\b(?: codes?)?\W*$",
    re.IGNORECASE,
)
_FEW = 9  # words
_SENTENCE_END = re.compile(r"[.?!;] \S")
#: What a service was done for asks for no diagnosis: "a wedge biopsy, diagnosis only", "for diagnostic purposes".
_PURPOSE = re.compile(
    r"(?<=,) (?:for )?(?:tissue )?diagnosis only(?= ?[.;,])|\b(?:for|only for) diagnos(?:is|tic) purposes?(?: only)?\b|\bfor (?:tissue )?diagnosis only(?= ?[.;,])"
    r"|\b(?:dx'?d|diagnosed) (?:elsewhere|by an?other|at an?other|by the (?:ER|ED|urgent care))\b|\b(?:an?|his|her|the|with) new (?:dx|diagnosis) of\b|\b(?:certain|particular|specific) (?:dx|diagnos[ei]s)(?: codes?)?\b|\bdo(?:es)? (?:the |a )?(?:dx|diagnos[ei]s)(?: codes?)? (?:matter|count|play)\b|\bto (?:make|get|establish|obtain|confirm) (?:a|the) (?:tissue )?diagnosis\b|\bfor (?:a )?tissue diagnosis\b",
    re.IGNORECASE,
)
#: What a letter about diagnoses says, and what one about services does.
_OF_DIAGNOSES = re.compile(
    r"\b(?:dx\w{0,2}|diagnos(?:[ei]s|ed?|ing)|"
    rf"{_ICD}"
    rf"|{_ORDER}"
    r"|z[- ]?codes?|(?-i:O)[- ]codes?|(?:is|be) (?:it |that |this )?an? (?-i:P)[- ]code|combination code|excludes ?[12]"
    r"|codes? in order|codes? and order|order of codes|which (?:goes|comes|is|one is|code goes|do we (?:list|code|put)) first|7th character"
    r"|(?:seventh|last|final) (?:character|digit)|(?:cancer|history|complication|aftercare|injury|sequela|underdosing|external cause|status|perinatal|symptom|poisoning) codes?|underdos\w{2,3}|(?:could ?n.t|can.?t|can ?not|unable to) (?:pay|afford)|(?:says?|said|wrote|writes|written|documented|charted|noted|states?|impression|assessment) (?:an? )?['\"“‘]?(?:probable|possible|likely|suspected|rule out|r/o)|code first|(?:poa|present on admission)|coding clinic|index"
    rf"|{_BY_NAME}|{_LONG_TERM})\b|{_WHICH_LETTER}",
    re.IGNORECASE,
)
#: "Diagnosis: tonsillitis, or some aftercare code?" leaves a choice between two of them.
_ONE_OR_THE_OTHER = (
    r"(?:^|[.?!;] )(?:the )?(?:dx|diagnosis|icd-?10)(?: codes?)?(?: ?[:,-] ?| (?!was|were|is|says|of|for|on|and|codes?)\b)"
    r"(?:(?!\b(?:cpt|bill|charge|procedure|modifier|visit)\b)[^.?!]){1,60}\bor\b(?:(?!\b(?:cpt|bill|charge|procedure|modifier|visit)\b)[^.?!]){1,40}\?"
)
_WANTS_DIAGNOSES = re.compile(
    rf"\b(?:which|what|correct|{CORRECT}|proper|how)\b[^.?!]{{0,40}}\b(?:dx|diagnos(?:[ei]s|ed?|ing)|"
    rf"{_ICD}"
    r"|z[- ]?codes?)\b|\b(?:dx|icd[- ]?10\w{0,3}|diagnosis|z79|z|(?-i:O)|(?:is|be) (?:it |that |this )?an? (?-i:P))[- ]codes?\b"
    rf"|\b(?:{_ORDER})\b|{_ONE_OR_THE_OTHER}"
    r"|\b(?:icd[- ]?10(?:-?cm)?|dx|diagnos[ei]s)(?: (?:codes?|please))? ?\?|\bicd[- ]?10(?:-?cm)?\W*$|[,.;:] ?(?:dx|diagnos[ei]s)(?: codes?)?\W*$|\b(?:which|what) (?:last|final|7th|seventh) (?:character|digit|letter)\b"
    r"|\b(?:which|what)(?:'s| is| are| would be| was)?(?: the| her| his)?(?: right| correct)? (?:aftercare|history|sequela|complication|cancer|injury|underdosing|immunodeficiency|pregnancy) codes?\b"
    r"|\b(?:poa|present on admission)(?: (?:indicator|status|because))?\b(?! exempt)"
    rf"|{_FULL_CODE}|\b{_OF_A_CHAPTER}|{_WHICH_LETTER}|{_AT_THE_END}"
    rf"|\b(?:{_LONG_TERM}|{_BY_NAME})\b"
    r"|\b(?:may|can|should|do) (?:i|we) (?:put|code|report|assign|list) (?:the |it as )?(?!that|this|them|these|those|both|all)[a-z]{3,20}(?: [a-z]{3,20})? on the (?:visit|claim|encounter)\?",
    re.IGNORECASE,
)
#: Of several drugs that were given, which goes first is a question about the giving.
_WHICH_FIRST = re.compile(r"\b(?:goes|comes|come|go|is|billed|listed|reported) first\b", re.IGNORECASE)
_OF_GIVING = re.compile(r"\b(?:infus\w{1,4}|drips?|dripped|iv push\w{0,2}|pushe[sd]|ivpb|piggyback)\b", re.IGNORECASE)
_WANTS_BOTH = re.compile(
    r"\b(?:cpt|hcpcs|(?:procedure|administration)(?: codes?)?|modifiers?|codes?)\b[^.?!]{0,30}(?:\band\b|,|&|\bplus\b|\+|\bwith(?= (?:the )?(?:dx|diag|icd)))[^.?!]{0,25}\b(?:dx|diagnos[ei]s|icd(?:-?10)?)\b"
    r"|\b(?:dx|diagnosis|icd(?:-?10)?)(?: codes?)?(?: and|,|&| plus)[^.?!]{0,20}\b(?:cpt|hcpcs|procedure)\b|\bdiagnosis order\b"
    r"|\b(?:product|administration|procedure|drug|test)\b[^.?!]{0,20}(?:\band\b|,|&)[^.?!]{0,12}\b(?:dx|diagnos[ei]s)\b ?\?"
    r"|\b(?:bill|charge|report)\b[^.!?]{0,40}(?:\?|, and|,| and) (?:and |also |with )?(?:what|which)\b[^.?!]{0,20}\b(?:dx|diagnos(?:[ei]s|ed?|ing)|"
    rf"{_ICD}"
    r")\b"
    r"|\b(?:procedures?|codes?|cpt|lines?|units?|bill(?:ed)?|charged?|report(?:ed)?|sen[dt]|modifiers?|go(?:es)? on (?:[\w']+ ){0,4}claims?)\b[^.?!]{0,90}(?:,|\band\b|&) ?(?:and |with )?"
    r"(?:what(?:'s| is)?|which|the|also)(?: the)? (?:\w+ )?(?:dx|diagnos[ei]s|icd(?:-?10)?)\b",
    re.IGNORECASE,
)
#: "Office visit dx" asks for both where the level of the visit is told.
_VISIT_DX = re.compile(
    r"\b(?:office visit|e/?m|level)(?: codes?)?(?:,| and| &| \+| ?/)? (?:the )?(?:dx|diagnos[ei]s)\b", re.IGNORECASE
)
_LEVELLED = re.compile(r"\b(?:\d+ ?min\w*|mdm|complexity|level [1-5])\b", re.IGNORECASE)
_OF_SYSTEMS = re.compile(
    r"\b(?:cpt|hcpcs|modifiers?|pcs|j[- ]?codes?|units|ncci|(?:administration|procedure|supply|service) codes?)\b", re.IGNORECASE
)
_PCS = re.compile(
    r"\bpcs\b|\broot operations?\b|\bicd-?10 procedure codes?\b|\binpatient (?:hospital )?procedure codes?\b|\b(?:over|under|less than|more than|greater than)[- ]96[- ](?:consecutive )?hours?\b|\b96 consecutive hours\b|\bcoded? (?:it |this |that |them )?(?:as )?(?:an? )?(?:insertion|dilation|resection|excision|extirpation|occlusion|destruction)\b",
    re.IGNORECASE,
)
_DIAGNOSIS_AND_PCS = re.compile(
    r"\b(?:dx|diagnos[ei]s|cm)(?: codes?)?(?: and|,|&| plus)[^.?!]{0,20}\bpcs\b|\bpcs\b[^.?!]{0,12}(?:\band\b|&|\bplus\b)[^.?!]{0,12}\b(?:dx|diagnos[ei]s|cm)\b",
    re.IGNORECASE,
)
_OF_SERVICES = re.compile(
    r"\b(?:e/?m|bundl\w{1,4}|global|reimburs\w{1,6}|abn|cover(?:s|ed|age)|administration"
    r"|bill(?:ed|ing|s|able)?|charge[sd]?|paid|pays?|fee|add-?on|office visit|place of service)\b",
    re.IGNORECASE,
)

#: What somebody wrote down: without a word of work it is what ails the patient.
_NOTED = re.compile(
    r"\b(?:doctor|doc|dr|md|physician|provider|surgeon|cardiology|cardiologist|hospitalist|radiologist|pathologist|specialist|np|pa|notes?|chart"
    r"|assessment|impression|h&p|summary|path|report)\b[^.?!;]{0,25}\b(?:documents?|documented|writes?|wrote|lists?|listed|calls?|called|says?|said"
    r"|states?|stated|noted|charted|reads|shows?)\b(?! (?:what|which|how|whether|if|when|where))"
    r"|\b(?:re)?admitted (?:with|for|from|because)\b|\b(?:comes?|came) in with\b|\bpresent(?:s|ed|ing) with\b"
    r"|\b(?:was|were) (?:considered|suspected|feared|thought of),? but\b|(?:^|[.!?] )(?:all )?codes\?|\b(?:what are|need) the codes\b"
    r"|['\"“](?:probable|possible|likely|suspected|rule out|r/o)\b",
    re.IGNORECASE,
)

#: What was done, not what ails: such a letter wants no diagnosis unless it says so.
_DONE = re.compile(
    r"\b(?:\w+(?:ectomy|otomy|ostomy|plasty|scopy|pexy|desis|rrhaphy|centesis|graphy|gram)|biops\w{1,4}|excis\w{1,4}|repair\w{0,3}"
    r"|remov\w{2,3}|drain\w{0,4}|inject\w{0,4}|infus\w{1,4}|implant\w{0,4}|insert\w{0,4}|ablat\w{2,3}|graft\w{0,3}|fixation|orif"
    r"|reduction|cast\w{0,3}|splint\w{0,3}|brace|x-?rays?|films?|mri|scans?|ultrasound|lab|draw|vaccin\w{1,4}|shots?|surgery|operat\w{2,4}"
    r"|procedure|therapy|(?:wheel|power )?chair|scooter|suppl(?:y|ier)|dispens\w{2,3}|per \d+ minutes|walker|supplies|device|anesth\w{3,6}|cauter\w{2,4}|dress\w{3,4}|unna|suture\w{0,2}|closure|closed with"
    r"|stent(?:s|ed|ing)? (?:\w+ ){0,3}(?:placed|put|deployed|left)|(?:was|were|is|are|he|she|they|we|doctor|surgeon|dr|and|then) (?:placed|put|drilled|stretched|dilated|scoped"
    r"|punctured|needled|screwed|stitched|sewed|sewn|threaded|opened up|cut (?:out|off|open|away|down|through|into)|taken (?:out|off)|took (?:out|off)|numbed|stained)"
    r"|drill(?:ed)? holes?|twist drill|numbing|nerve blocks?|blood bank|type and screen|blood group|smears?|slides?|balloons?|rigid scope|through (?:the|a) \w*scope"
    r"|minutes|mg|ml|mcg|cm|ekg|ecg|eeg|emg|visit level|counsel\w{0,4}|telehealth|consult\w{0,6}|rounds|critical care time"
    r"|crossmatch\w{0,3}|transfus\w{1,4}|specimens?|stain(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)

_OPEN = re.compile(r"\b(?:what|which|how)\b", re.IGNORECASE)
_OR = re.compile(r"\bor\b|/", re.IGNORECASE)


#: "Cough and pneumonia, bill both?" speaks of the two as of codes, and of no work.
_BILL_BOTH = re.compile(r"\b(?:bill|charge|list) (?:for )?(?:them )?both\b", re.IGNORECASE)
#: What a picture shows is a finding; that it was taken is not what is asked.
_FINDING = re.compile(
    r"\b(?:ultrasound|mri|ct(?: scan)?|x-?rays?|films?|scan|lab|biops\w{1,4}) (?:shows?|showed|reveal\w{1,2}|confirm\w{1,2}|found)\b|\b(?:ultrasound|mri|ct|x-?ray):"
    r"|\b(?:needing|needs|requiring|requires|dependent on) (?:\w{4,9} ){0,2}transfusions\b",
    re.IGNORECASE,
)


def wants_pcs(question: Question) -> bool:
    """Does the letter ask for an inpatient procedure of ICD-10-PCS? Then no CPT code answers it."""
    return bool(_PCS.search(_asked(question))) or any(code.system is System.ICD10PCS for code in question.codes)


def wants_diagnosis_and_pcs(question: Question) -> bool:
    """ "O80, and which PCS code?": is a diagnosis asked for beside the inpatient procedure?"""
    return any(code.system is System.ICD10CM for code in question.codes) or bool(_DIAGNOSIS_AND_PCS.search(_asked(question)))


def wants_diagnosis(question: Question) -> bool:
    asked = {str(fact.value) for fact in question.facts if fact.dimension == "ask"}
    if wants_both(question):
        return False
    if (
        {"diagnosis code", "which code"} <= asked
        and "procedure code" not in asked
        and all(code.system is System.ICD10CM for code in question.codes)
    ):
        return True
    if speaks_of_services(question):
        return False
    return _asks_for_diagnoses(_asked(question)) or _doubts_a_diagnosis(question)


@lru_cache(maxsize=KEPT)
def _asks_for_diagnoses(asked: str) -> bool:
    told = _WHICH_FIRST.sub(" ", asked) if _OF_GIVING.search(asked) else asked
    by_chapter = _OF_TWO_SYSTEMS.search(told) and not _tells_work(asked)
    return bool(by_chapter or _WANTS_DIAGNOSES.search(told) or _wishes_at_an_end(asked))


def _wishes_at_an_end(asked: str) -> bool:
    last = _LAST_WORD.search(asked) and not _NO_LAST_WORD.search(asked)
    few = len(asked.split()) <= _FEW and not _SENTENCE_END.search(asked.strip())
    return bool(last and few) or (bool(last or _AT_THE_BEGINNING.search(asked)) and not _tells_work(asked))


def _doubts_a_diagnosis(question: Question) -> bool:
    """ "Still C50?", "E11.9 or E11.65?": is what is asked whether a diagnosis code that the letter names is the right one?"""
    if any(code.system is not System.ICD10CM for code in question.codes):
        return False
    spine = [fact.span for fact in question.facts if fact.dimension in ("spine_level", "vertebra")]
    told = [code.span for code in question.codes if code.span.where == "text"]
    return any(_is_doubted(span, question.text) for span in told if not any(span.meets(level) for level in spine))


def _is_doubted(code: Span, text: str) -> bool:
    """Does the code stand in a question of its own, which asks for no other code and speaks of no billing?"""
    start, end = sentence_round(code, text)
    sentence = text[start:end]
    if not sentence.rstrip().endswith("?") or _OF_SERVICES.search(sentence):
        return False
    return not _OPEN.search(sentence) or bool(_OR.search(text[max(start, code.start - 6) : code.end + 6]))


def speaks_of_services(question: Question) -> bool:
    """Does the letter name a procedure, a supply, a modifier, or one of their code systems?"""
    done = (System.CPT, System.HCPCS, System.MODIFIER, System.ICD10PCS)
    return any(code.system in done for code in question.codes) or bool(_OF_SYSTEMS.search(_asked(question)))


def speaks_of_diagnoses(question: Question) -> bool:
    """Does the letter say that it asks for diagnoses?"""
    return names_diagnoses(question) or (bool(_NOTED.search(_asked(question))) and not speaks_of_work(question))


def names_diagnoses(question: Question) -> bool:
    """Does the letter speak of diagnoses as of codes, or name one?"""
    return any(code.system is System.ICD10CM for code in question.codes) or _names_diagnoses(_asked(question))


@lru_cache(maxsize=KEPT)
def _names_diagnoses(asked: str) -> bool:
    return bool(_OF_DIAGNOSES.search(asked))


def wants_both(question: Question) -> bool:
    """Does the letter ask for procedure codes and for the diagnoses that go with them?"""
    return _asks_for_both(_asked(question))


@lru_cache(maxsize=KEPT)
def _asks_for_both(asked: str) -> bool:
    return bool(_WANTS_BOTH.search(asked) or (_VISIT_DX.search(asked) and _LEVELLED.search(asked)))


def speaks_of_work(question: Question) -> bool:
    """Does the letter tell what was done, or speak of billing it?"""
    return _tells_work(_asked(question))


@lru_cache(maxsize=KEPT)
def _tells_work(asked: str) -> bool:
    told = _BILL_BOTH.sub(" ", _FINDING.sub(" ", asked))
    return bool(_OF_SERVICES.search(told) or _DONE.search(told))


def names_services(question: Question) -> bool:
    """Does the letter speak of services as of what is billed?"""
    return bool(_OF_SERVICES.search(_asked(question)))


def _asked(question: Question) -> str:
    return _without_purposes(question.subject, question.text)


@lru_cache(maxsize=KEPT)
def _without_purposes(subject: str, text: str) -> str:
    return _PURPOSE.sub(" ", f"{subject} {text}"[:1500])
