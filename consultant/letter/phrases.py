"""The words that mail programs put round a quotation, by language. One place to add a language."""

from __future__ import annotations

import re


def words_of(words: str) -> frozenset[str]:
    """The words of a list separated by `|` or line breaks."""
    return frozenset(word.strip() for word in re.split(r"[|\n]", words)) - {""}


def any_of(words: str) -> str:
    """An alternation of such a list, longest first."""
    longest_first = sorted(words_of(words), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s{1,3}") for word in longest_first)


#: "wrote" in "On Monday, Alice wrote:".
WROTE_WORDS = """wrote|writes|said|schrieb|schreibt|a écrit|a ecrit|écrit|escribió|escribio|escribiste|escreveu
        ha scritto|scrive|skrev|skreiv|schreef|geschreven|het volgende geschreven|napisał|napisała
        napisał(a)|napisał/a|pisze|написал|написала|написал(а)|написав|пише|пишет|kirjoitti|napsal|napsala
        napsal(a)|napísal|napísala|napísal(a)|je napisao|je napisala|је написао|pisao je|napisao je|írta
        ezt írta|a scris|yazdı|şunu yazdı|έγραψε|написа|a scrit|va escriure|写道|寫道|写|書きました|님이 작성|작성|đã viết
        viết|כתב|כתבה|كتب|menulis|rašė|rakstīja|kirjutas|skrifaði"""
WROTE = any_of(WROTE_WORDS)

#: Words between the day, the hour and the name in "Op 16-11-2026 om 09:15 schreef Alice van der Berg:".
LITTLE_WORDS = words_of(
    """on|am|pm|at|op|om|den|kl|klo|kello|uhr|um|le|à|el|las|il|alle|ore|em|às|o|w|dniu|v|via|de|da|del|di|do
        dos|la|les|von|van|der|ter|te|af|av"""
)

#: Beside a name: it is a note in a chart that is handed on.
CLINICIANS = words_of("dr|doctor|md|do|np|pa|pa-c|rn|lpn|dpm|dds|cnp|aprn|crna|prof|patient|provider|surgeon|nurse|dra|drs")

#: "Quoting" in "Quoting Alice <alice@clinic.example>:".
QUOTED_BY = any_of(
    "quoting|zitat von|zitiere|citando|citando a|citation de|citat från|citat fra|cytowanie|quotando|citerend|引用"
)

#: Words of a header block, by what they stand for.
HEADERS = {
    "from": """from|de|von|da|från|fra|van|od|от|від|lähettäjä|发件人|發件人|寄件者|寄件人|差出人|送信者
        보낸 사람|보낸사람|kimden|gönderen
        feladó|από|מאת|من|de la|expéditeur|mittente|remitente|remetente|odesílatel|nadawca|afsender|avsender
        avsändare|отправитель""",
    "date": """sent|date|envoyé|envoyé le|envoyée|gesendet|gesendet am|datum|inviato|data|skickat|sendt|dato
        verzonden|wysłano|data wysłania|отправлено|дата|надіслано|lähetetty|päivämäärä|päiväys|pvm|发送时间|發送時間
        寄件日期|时间|日期|傳送日期|送信日時|日時|送信|보낸 날짜|날짜|gönderildi|gönderme tarihi|tarih|enviado|enviada|enviado el
        enviada em|enviado em|fecha|odesláno|odoslané|küldve|elküldve|dátum|ημερομηνία|נשלח|تاريخ|trimis
        poslano|creation date|data e ora""",
    "to": """to|à|an|a|till|til|aan|do|para|кому|vastaanottaja|收件人|收件者|宛先|받는 사람|받는사람|kime|alıcı|komu|címzett|προς
        אל|إلى|către|pour|destinataire|destinatario|za|empfänger""",
    "cc": "cc|bcc|kopie|copia|copie|kopia|kopi|копия|копія|kopio|抄送|副本|참조|bilgi|másolat|κοιν|עותק|c.c.|cópia",
    "subject": """subject|objet|betreff|oggetto|ämne|emne|onderwerp|temat|тема|aihe|主题|主題|主旨|件名|제목|konu|asunto|assunto
        předmět|predmet|tárgy|θέμα|נושא|الموضوع|subiect|re""",
    "other": "reply-to|reply to|importance|priority|attachments|message-id|organization|newsgroups|wichtigkeit|priorität|anlagen",
}

#: "Original message" between dashes.
ORIGINAL = any_of(
    """original message|original appointment|original e-mail|original email|reply message|previous message
        ursprüngliche nachricht|ursprüngliche mitteilung|originalnachricht|original-nachricht
        originalmeddelande|ursprungligt meddelande|oprindelig meddelelse|oprindelig besked
        opprinnelig melding|original melding|message original|message d'origine|message d’origine
        message initial|courriel original|mensaje original|mensagem original|mensaje de origen
        messaggio originale|messaggio originario|oorspronkelijk bericht|origineel bericht
        wiadomość oryginalna|oryginalna wiadomość|исходное сообщение|оригинальное сообщение
        пересылаемое сообщение|původní zpráva|pôvodná správa|eredeti üzenet|mesaj original
        alkuperäinen viesti|özgün ileti|orijinal mesaj|原始邮件|原始郵件|原邮件|元のメッセージ|원본 메시지|원본 메일
        antwort weiterleiten"""
)

#: "Forwarded message": what follows was passed on to be read.
FORWARDED = any_of(
    """forwarded message|forwarded email|forwarded by|begin forwarded message|fwd message
        weitergeleitete nachricht|anfang der weitergeleiteten|message transféré|message reenvoyé
        début du message transféré|message réexpédié|mensaje reenviado|inicio del mensaje reenviado
        mensagem encaminhada|mensagem reencaminhada|início da mensagem reenviada|messaggio inoltrato
        inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht|videresendt meddelelse
        videresendt melding|vidarebefordrat meddelande|vidarebefordrat brev|välitetty viesti
        edelleenlähetetty viesti|wiadomość przekazana dalej|przekazana wiadomość|пересланное сообщение
        пересылаемое письмо|переслане повідомлення|přeposlaná zpráva|továbbított üzenet|mesaj redirecționat
        iletilmiş mesaj|yönlendirilen ileti|转发的邮件|轉寄郵件|转发邮件信息|転送されたメッセージ|전달된 메시지"""
)

#: "Sent" in "Sent from my phone".
SENT = any_of(
    """sent|sent from|gesendet|verschickt|versendet|geschrieben|envoyé|envoyée|enviado|enviada|enviat
        provenance|inviato|inviata|verzonden|verstuurd|skickat|skickades|sendt|sent fra|wysłano|wysłane|отправлено
        надіслано|odesláno|odoslané|lähetetty|gönderildi|poslano|poslané|poslato|elküldve|küldve|trimis|從我的
        从我的|发自|發自|傳送|寄件|から送信|送信|보냄|gửi từ"""
)

#: Things that mail is sent from; with a word of SENT in a short line they make a device signature.
DEVICE = any_of(
    """iphone|iphonu|ipadu|ipad|ipod|ios|android|mobile|mobil|mobiltelefon|mobilgerät|mobiele|smartphone|phone|handy
        handheld|telefon|telefono|teléfono|téléphone|telefoon|cell|cellphone|celular|portable|móvil|movil
        blackberry|outlook|samsung|galaxy|htc|nokia|huawei|xiaomi|windows|mail|mailbox|airmail|gmail|yahoo
        aol|gmx|web.de|hotmail|protonmail|proton|thunderbird|spark|tablet|tablette|device|appareil
        dispositivo|apparaat|gerät|enhet|laptop|wireless|verizon|at&t|at & t|t-mobile|sprint|surface|pixel
        oneplus|lg|sony|motorola|lenovo|workspace|tel|手机|手機|телефон|смартфон|мобильного|kindle|treo|palm
        nexus|k-9|fairemail|typeapp|bluemail|acompli|mailspring|superhuman"""
)

DISCLAIMER = any_of(
    """confidential|confidentiality|privileged|intended recipient|intended solely|intended only
        named recipient|addressee|unauthorized|unauthorised|dissemination|disclosure|disclose|disseminate
        notify the sender|notify us|received this in error|in error|delete|destroy
        protected health information|virus|hipaa|vertraulich|confidencial|confidentiel|riservat"""
)
