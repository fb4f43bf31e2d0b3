"""The letter reader: bytes in, a `Letter` out. It never raises; what had to be guessed stands in `Letter.defects`.

reading       the way of the bytes, in the order it happens
mime          one entity into header fields and parts, with bounds on everything
fields        header values: encoded words, addresses, dates, Message-IDs
charset       bytes to text
body          which part is the text, which are attachments
calendar      a calendar part in words
tnef, rtf     what Outlook packs into winmail.dat
nature        what a letter is when it is no ordinary text
report        the machine-readable part of a bounce or a complaint
html_text     HTML to readable text
quotes        what the sender wrote now, without the letters quoted
attribution   "On Monday, Alice wrote:" and the header blocks that mail programs put above a quote
signature     names, device lines and disclaimers below the text
phrases       the words that mail programs use, by language
"""

from consultant.letter.quotes import visible
from consultant.letter.reading import read, visible_html

__all__ = ["read", "visible", "visible_html"]
