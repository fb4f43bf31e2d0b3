"""What the sender wrote now: quotations and signatures off, the sender's own words never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultant.letter import visible, visible_html
from consultant.letter.signature import is_device_line

ANSWER = "It was the left knee, 25 minutes."
QUOTED = "> Which side was it?\n> How long did it take?"

ATTRIBUTIONS = {
    "Gmail": "On Mon, Mar 2, 2026 at 9:15 AM Coding Desk <coding@consultant.example> wrote:",
    "Gmail, wrapped": "On Mon, Mar 2, 2026 at 9:15 AM Coding Desk <\ncoding@consultant.example> wrote:",
    "Apple": "On Mar 2, 2026, at 9:15 AM, Coding Desk <coding@consultant.example> wrote:",
    "Thunderbird": "On 3/2/26 09:15, Coding Desk wrote:",
    "Yahoo": "On Monday, March 2, 2026 at 09:15:00 AM CST, Coding Desk <coding@consultant.example> wrote:",
    "a date in front": "2026-03-02 9:15 GMT-06:00 Coding Desk <coding@consultant.example>:",
    "Spanish": "El lun, 2 mar 2026 a las 9:15, Coding Desk (<coding@consultant.example>) escribió:",
    "French": "Le lun. 2 mars 2026 à 09:15, Coding Desk <coding@consultant.example> a écrit :",
    "German": "Am Mo., 2. März 2026 um 09:15 Uhr schrieb Coding Desk <coding@consultant.example>:",
    "German, Outlook for phones": "Coding Desk <coding@consultant.example> schrieb am Mo., 2. März 2026,\n09:15:",
    "Portuguese": "Em seg., 2 de mar. de 2026 às 09:15, Coding Desk <coding@consultant.example> escreveu:",
    "Italian": "Il giorno lun 2 mar 2026 alle ore 09:15 Coding Desk <coding@consultant.example> ha scritto:",
    "Dutch": "Op ma 2 mrt 2026 om 09:15 schreef Coding Desk <coding@consultant.example>:",
    "Polish": "pon., 2 mar 2026 o 09:15 Coding Desk <coding@consultant.example> napisał(a):",
    "Swedish": "Den mån 2 mars 2026 kl 09:15 skrev Coding Desk <coding@consultant.example>:",
    "Russian": "пн, 2 мар. 2026 г. в 09:15, Coding Desk <coding@consultant.example>:",
    "Japanese": "2026年3月2日(月) 9:15 Coding Desk <coding@consultant.example>:",
    "GMX, Yahoo in German": "Am Montag, 2. März 2026 um 09:15:00 MEZ hat Desk <coding@consultant.example> Folgendes geschrieben:",
    "Proton": "On Monday, March 2nd, 2026 at 9:15 AM, Coding Desk <coding@consultant.example> wrote:",
    "Zoho": "---- On Mon, 02 Mar 2026 09:15:11 -0500 Coding Desk <coding@consultant.example> wrote ----",
    "Lotus Notes": "Coding Desk <coding@consultant.example> wrote on 03/02/2026 09:15:11 AM:",
    "Horde": "Coding Desk <coding@consultant.example> wrote:",
    "Thunderbird in Dutch": "Op 2-3-2026 om 09:15 schreef Coding Desk:",
    "Lotus Notes without an address": "Coding Desk/Clinic wrote on 03/02/2026 09:15:11 AM:",
    "Thunderbird in Finnish": "Coding Desk kirjoitti 2.3.2026 klo 9.15:",
    "Thunderbird in Norwegian": "Den 02.03.2026 09:15, skrev Coding Desk:",
    "KMail": "On Monday, 2 March 2026 09:15:11 CST Coding Desk wrote:",
    "Thunderbird in Czech": "Dne 02. 03. 26 v 9:15 Coding Desk napsal(a):",
    "Roundcube in German": "Am 2026-03-02 09:15, schrieb Coding Desk:",
    "Catalan": "Missatge de Desk <coding@consultant.example> del dia dl., 2 de març 2026 a les 9:15:",
    "Turkish": "Desk <coding@consultant.example>, 2 Mar 2026 Pzt, 09:15 tarihinde şunu yazdı:",
    "Greek": "Στις Δευ 2 Μαρ 2026 στις 9:15 π.μ., ο χρήστης Desk <coding@consultant.example> έγραψε:",
    "Arabic": "في الاثنين، ٢ مارس ٢٠٢٦ ٩:١٥ ص Desk <coding@consultant.example> كتب:",
    "Hebrew": "בתאריך יום ב׳, 2 במרץ 2026 ב-9:15 מאת Desk <coding@consultant.example>:",
    "Korean": "2026년 3월 2일 (월) 오전 9:15, Desk <coding@consultant.example>님이 작성:",
    "Vietnamese": "Vào Th 2, 2 thg 3, 2026 vào lúc 09:15 Desk <coding@consultant.example> đã viết:",
    "Taiwan": "編碼台 <coding@consultant.example> 於 2026年3月2日 週一 上午9:15寫道：",
    "NetEase": '在 2026-03-02 09:15:11，"编码台" <coding@consultant.example> 写道：',
    "iPhone in Japanese": "2026/03/02 9:15、コード係 <coding@consultant.example>のメール:",
    "iPhone in Portuguese": "Em 2 de mar. de 2026, à(s) 09:15, Desk <coding@consultant.example> escreveu:",
    "Chinese": "Coding Desk <coding@consultant.example> 于2026年3月2日周一 09:15写道：",
}

HEADER_BLOCKS = {
    "Outlook": "From: Coding Desk\nSent: Monday, March 2, 2026 9:15 AM\nTo: Alice Moreno\nSubject: RE: Knee",
    "Outlook, bold": "*From:* Coding Desk\n*Sent:* Monday, March 2, 2026 9:15 AM\n*To:* Alice\n*Subject:* RE: Knee",
    "with a rule": "______________\nFrom: Desk <coding@consultant.example>\nDate: 2 March 2026\nSubject: Knee",
    "Spanish": "De: Coding Desk\nEnviado: lunes, 2 de marzo de 2026 9:15\nPara: Alice\nAsunto: RE: Rodilla",
    "French": "De : Coding Desk\nEnvoyé : lundi 2 mars 2026 09:15\nÀ : Alice\nObjet : RE: Genou",
    "German": "Von: Coding Desk\nGesendet: Montag, 2. März 2026 09:15\nAn: Alice\nBetreff: AW: Knie",
    "Portuguese": "De: Coding Desk\nEnviada em: segunda-feira, 2 de março de 2026 09:15\nPara: Alice\nAssunto: RES: Joelho",
    "Italian": "Da: Coding Desk\nInviato: lunedì 2 marzo 2026 09:15\nA: Alice\nOggetto: R: ginocchio",
    "Dutch": "Van: Coding Desk\nVerzonden: maandag 2 maart 2026 09:15\nAan: Alice\nOnderwerp: RE: knie",
    "Danish": "Fra: Coding Desk\nSendt: 2. marts 2026 09:15\nTil: Alice\nEmne: knæ",
    "Chinese": "发件人: Coding Desk\n发送时间: 2026年3月2日 9:15\n收件人: Alice\n主题: 回复: 膝盖",
    "Japanese": "差出人: Coding Desk\n送信日時: 2026年3月2日 9:15\n宛先: Alice\n件名: RE: 膝",
    "QQ": '------------------ 原始邮件 ------------------\n发件人: "编码台" <coding@consultant.example>;\n主题: 膝盖',
    "without a subject": "From: Desk\nSent: \u200eMonday, \u200e2 March 2026 \u200e9\u200e:\u200e15\nTo: Alice",
    "Samsung in Spanish": "-------- Mensaje original --------\nDe: Desk <desk@consultant.example>\nFecha: 2/3/26 9:15\nA: Alice",
    "GroupWise": ">>> Coding Desk <coding@consultant.example> 3/2/2026 9:15 AM >>>",
    "a help desk": "##- Please type your reply above this line -##\nYour case was updated.",
    "dashes that are none": "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, March 2nd, 2026, Coding Desk wrote:",
    "original message": "-----Original Message-----\nFrom: Coding Desk\nSent: Monday\nSubject: Knee",
    "Nachricht": "-----Ursprüngliche Nachricht-----",
}


@pytest.mark.parametrize("program", ATTRIBUTIONS)
def test_alices_answer_is_all_that_stays_above_a_quotation(program: str) -> None:
    assert visible(f"{ANSWER}\n\n{ATTRIBUTIONS[program]}\n\n{QUOTED}\n") == ANSWER


#: A name without an address is believed when nothing stands beside day, hour and name.
WHO_AND_WHEN = ["Lotus Notes without an address", "Thunderbird in Finnish", "Thunderbird in Norwegian", "Thunderbird in Dutch",
                "KMail", "Roundcube in German"]  # fmt: skip


@pytest.mark.parametrize("program", [*(name for name, line in ATTRIBUTIONS.items() if "@" in line), *WHO_AND_WHEN])
def test_alices_answer_is_all_that_stays_when_the_quotation_has_no_marks(program: str) -> None:
    assert visible(f"{ANSWER}\n\n{ATTRIBUTIONS[program]}\n\nWhich side was it?\n") == ANSWER


@pytest.mark.parametrize("program", ATTRIBUTIONS)
def test_bobs_answer_below_the_quotation_stays(program: str) -> None:
    assert visible(f"{ATTRIBUTIONS[program]}\n{QUOTED}\n\n{ANSWER}\n") == ANSWER


@pytest.mark.parametrize("program", HEADER_BLOCKS)
def test_the_letter_below_a_header_block_goes(program: str) -> None:
    assert visible(f"{ANSWER}\n\n{HEADER_BLOCKS[program]}\n\nWhich side was it?\n") == ANSWER


def test_an_attribution_glued_to_the_last_word_is_found() -> None:
    assert visible(f"{ANSWER} {ATTRIBUTIONS['Gmail']}\n{QUOTED}\n") == ANSWER


def test_marks_of_direction_hide_no_attribution() -> None:
    line = (
        "\u202bבתאריך יום ב׳, 2 במרץ 2026 ב-9:15 מאת \u202aDesk\u202c\u200f <\u202acoding@consultant.example\u202c\u200f>:\u202c"
    )
    assert visible(f"{ANSWER}\n\n{line}\n\n{QUOTED}\n") == ANSWER


def test_a_sentence_that_ends_in_an_address_stays_without_a_quotation_below() -> None:
    text = "On 3/4/2026 the payer wrote to <records@payer.example>\nand denied it. Why?"
    assert visible(text) == text


def test_answers_between_the_lines_keep_the_lines_they_answer() -> None:
    text = f"{ATTRIBUTIONS['Apple']}\n\n> Which side?\n\nThe left.\n\n> How long?\n\n25 minutes.\n\n> Regards\n> Desk\n"
    assert visible(text) == "> Which side?\n\nThe left.\n\n> How long?\n\n25 minutes."


KEPT = {
    "a sentence with wrote": "On 3/4/2026 the auditor wrote:\nModifier 59 was not supported.\nDo you agree?",
    "a note in the chart": "Here is the note.\n\nOn 3/4/2026 9:15 AM Dr. Lee wrote:\n\nWound probed to bone.\n\nIs it 11044?",
    "a note of somebody": "Below is the note.\n\nOn 3/4/2026 at 9:15 AM the nurse wrote:\n\nDressing changed.\n\nCan we bill?",
    "a call in the middle": "We asked twice.\nOn 3/4/2026 9:15 AM Ann Lee wrote:\nno auth needed.\nIs that right?",
    "a list that ends in colons": "Please check on 3/4/2026:\n97110:\n97140:\nThanks",
    "a memo": "Date: 3/4/2026\nFrom: Alice, Lakeside Clinic\nTo: Coding desk\nSubject: modifier 25\n\nIs 25 right here?",
    "spinal levels": "The fusion went\nFrom: L3\nTo: L5\nDate: 3/4/2026\nWhich codes?",
    "a cited rule": "The payer says:\n\n> Report one unit per day.\n\nIs that right?",
    "a mark at the start": "> 30 minutes were spent.\n\nIs 97530 right for that?",
    "arrows": "BMI > 30 and age > 65. Which code?\n>=15 minutes were documented.",
    "questions after a rule": "Is 97530 timed?\n\n---\n\nIs 97150 timed?",
    "specimens on the move": "Sent from the ED to the OR.",
    "a list with dashes": "Denied:\n\n-Total Knee\n-Left Hip",
    "a question under the program's line": "Knee.\n\nGet Outlook for iOS<https://aka.ms/x>\n\nOr is it 20611?",
    "a note under the program's line": "Knee.\n\nGet Outlook for iOS<https://aka.ms/x>\n\nShe has\nMedicare,\nnot Aetna.",
    "only a quotation": "> Which side was it?",
    "a cited rule with a date": "What the payer said on 3/4/2026:\n\n> One unit a day.\n\nIs that right?",
    "a time after an address": "We mailed records@payer.example on 3/2/2026 at 9:15 and they denied:\n97110\n97140\nWhy?",
    "sections under a rule": "First visit\n\n________\nLeft knee, 25 minutes\nRight hip, 10 minutes",
    "what a nurse noted": "On 3/4/2026 at 9:15 AM the wound nurse wrote:\n\n> The bed is clean.\n\nDoes that allow 97597?",
    "a claim for a span of days": "It says\n\nRe: claim 0042\nFrom: 3/1/2026\nTo: 3/4/2026\nDate: 3/9/2026\n\nWas it late?",
    "a second story under two dashes": "The first visit is paid.\n--\nThen she came back with a fever.\nIt was denied.",
    "a paragraph about privacy": "We have a form.\n\nHe wants the disclosure of his visit refused as privileged and "
    "confidential under HIPAA, so that the plan never hears of it.",
    "a case under stars": "First knee, 20610\n*****\nSecond knee 2 days later\nsee https://clinic.example/note",
    "a list of one": "He had this done\n\n- Mohs Surgery",
    "a heading without dashes": "They sent this twice.\n\nOriginal message:\n\nClaim lacks information. What is missing?",
    "times of services": "2026-03-02 09:15\n03/02/2026 at 10:30 AM\nWhich of these is the date of service?",
}


@pytest.mark.parametrize("name", KEPT)
def test_own_words_that_look_like_a_quotation_stay(name: str) -> None:
    assert visible(KEPT[name]) == KEPT[name]


@pytest.mark.parametrize(
    "below",
    [
        "-- \nAlice Moreno, CPC\nLakeside Clinic",
        "--\nAlice\n555-0100",
        "Sent from my iPhone",
        "Get Outlook for iOS<https://aka.ms/x>",
        "Envoyé depuis mon téléphone",
        "Provenance : Courrier pour Windows",
        "Outlook for iOS を入手<https://aka.ms/x>",
        "Get Outlook for iOS<https://aka.ms/x>\n\nHave a good day!",
        "Sent with AquaMail for Android\nhttps://www.mobisystems.example/aqua-mail",
        "________\nAlice Moreno, CPC\nTel. 555-010-0199",
        "—\nAlice Moreno, CPC\nalice@clinic.example",
        "Von meinem iPhone gesendet",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Odesláno z iPhonu",
        "Télécharger Outlook pour Android",
        "Sent via the Samsung Galaxy S25 5G, an AT&T 5G smartphone",
        "_______________________________________________\nCoders mailing list\nhttps://lists.example/listinfo/coders",
        "This e-mail is confidential. If you are not the intended recipient,\nplease notify the sender and delete it.",
    ],
)
def test_a_signature_goes_and_the_text_above_stays(below: str) -> None:
    assert visible(f"{ANSWER}\n\n{below}\n") == ANSWER
    assert visible(f"{ANSWER}\n\n{below}\n\n{ATTRIBUTIONS['Gmail']}\n\n{QUOTED}\n") == ANSWER


def test_a_greeting_and_the_name_under_it_stay() -> None:
    assert visible(f"{ANSWER}\n\nBest regards,\nAlice\n") == f"{ANSWER}\n\nBest regards,\nAlice"


@pytest.mark.parametrize(
    "line", ["Sent from my desk, it is easier than my phone", "Which code for a phone call?", "Sent from ED to OR"]
)
def test_a_sentence_about_sending_is_no_device_line(line: str) -> None:
    assert not is_device_line(line)


@pytest.mark.parametrize(
    "mark", ["---------- Forwarded message ---------", "Begin forwarded message:", "-------- Weitergeleitete Nachricht --------"]
)
def test_a_letter_passed_on_with_a_word_is_read_whole(mark: str) -> None:
    text = (
        f"What would you code?\n\n{mark}\nFrom: Bob <bob@clinic.example>\nDate: 2 March 2026\nSubject: Note\n\nExcision, 2.4 cm."
    )
    assert visible(text) == text


def test_a_letter_passed_on_without_a_word_is_its_body() -> None:
    text = "---------- Forwarded message ---------\nFrom: Bob <bob@clinic.example>\nDate: 2 March 2026\n\nExcision, 2.4 cm."
    assert visible(text) == "Excision, 2.4 cm."


HTML = {
    "Gmail": """<div>{}</div><div class="gmail_quote">
        <div class="gmail_attr">On Mon, Mar 2, 2026, Desk &lt;<a>d@x.example</a>&gt; wrote:<br></div>
        <blockquote class="gmail_quote">Which side?</blockquote></div>""",
    "Outlook": """<p>{}</p><div id="appendonsend"></div><hr>
        <div id="divRplyFwdMsg"><b>From:</b> Desk<br><b>Sent:</b> Monday</div><p>Which side?</p>""",
    "Apple": """<div>{}<br><div><br><blockquote type="cite">
        <div>On Mar 2, 2026, at 9:15 AM, Desk wrote:</div><div>Which side?</div></blockquote></div></div>""",
    "Thunderbird": """<p>{}</p><div class="moz-cite-prefix">Am 02.03.26 um 09:15 schrieb Desk:<br></div>
        <blockquote type="cite">Which side?</blockquote>""",
    "Yahoo": '<div>{}</div><div class="yahoo_quoted"><div>On Monday, March 2, Desk wrote:</div><div>Which side?</div></div>',
    "Yahoo, renamed": '<p>{}</p><div class="ydp7c1yahoo_quoted"><div>On Monday, Desk wrote:</div><div>Which side?</div></div>',
    "Proton": """<div>{}</div><div class="protonmail_signature_block"><div>Sent with Proton Mail.</div></div>
        <div class="protonmail_quote">On Monday, Desk &lt;d@x.example&gt; wrote:<br><blockquote>Which side?</blockquote></div>""",
    "Spark": """<div name="messageBodySection">{}</div><div name="messageSignatureSection"><div>Alice Moreno</div></div>
        <div name="messageReplySection">On Mar 2, 2026, 9:15 AM -0600, Desk &lt;d@x.example&gt;, wrote:<br>
        <blockquote type="cite">Which side?</blockquote></div>""",
    "Gmail with a signature": """<div>{}</div><div class="gmail_signature">Alice Moreno<br>Lakeside Clinic</div>
        <div class="gmail_quote"><div class="gmail_attr">Le lun. 2 mars 2026 à 09:15, Desk a écrit :<br></div>
        <blockquote>Which side?</blockquote></div>""",
    "QQ": """<div>{}</div><div>------------------&nbsp;原始邮件&nbsp;------------------</div>
        <div><div><b>发件人:</b> desk &lt;d@x.example&gt;;</div>
        <div><b>发送时间:</b>&nbsp;2026年3月2日</div><div><b>主题:</b>&nbsp;knee</div></div><div>Which side?</div>""",
    "Outlook for phones": """<div>{}</div>
        <div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/x">Outlook for iOS</a></div>
        <hr><div id="divRplyFwdMsg"><b>From:</b> Desk<br></div><div>Which side?</div>""",
    "an unknown language": '<div>{}</div><div class="gmail_attr">Desk sagt dazu</div><blockquote>Which side?</blockquote>',
}


@pytest.mark.parametrize("program", HTML)
def test_alices_answer_is_all_that_stays_of_an_html_letter(program: str) -> None:
    assert visible_html(HTML[program].format(ANSWER)).strip() == ANSWER


def test_what_was_typed_into_the_signature_stays_when_it_asks_something() -> None:
    html = '<div>Left.</div><div id="Signature"><p>Is 97530 timed?</p><p>Alice</p></div>'
    assert "Is 97530 timed?" in visible_html(html)


def test_html_answers_between_the_lines_stay() -> None:
    html = "<div>On 2026-03-02 09:15 Desk &lt;d@x.example&gt; wrote:</div><blockquote>Side?</blockquote>Left."
    html += "<blockquote>Time?</blockquote>25 min."
    assert [words for words in ("Side?", "Left.", "Time?", "25 min.") if words not in visible_html(html)] == []


def test_an_html_letter_that_is_all_quotation_is_kept_whole() -> None:
    assert "Which side?" in visible_html("<blockquote>Which side?</blockquote>")


ODD_LINES = ["> a", "b?", "", "--", "From: x@y.example", "On 2026-03-02 9:15, C <c@d.example> wrote:", "Sent: e", "ᐧ"]


@given(st.lists(st.sampled_from(ODD_LINES), max_size=12))
def test_a_letter_with_a_word_never_becomes_empty(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert bool(visible(text)) == any(line.strip() for line in lines)
