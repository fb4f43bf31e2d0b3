"""What a row of words must look like to be a person's name: in Latin letters with all their marks, in Greek and in Cyrillic."""

from __future__ import annotations

_LETTERS = [chr(code) for code in (*range(0xC0, 0x250), *range(0x386, 0x530), *range(0x1E00, 0x1F00)) if chr(code).isalpha()]
UPPER = "A-Z" + "".join(letter for letter in _LETTERS if letter.isupper())
LOWER = "a-z" + "".join(letter for letter in _LETTERS if not letter.isupper())

WORD = (
    rf"(?:[{UPPER}](?:[{LOWER}]|['’](?=[A-Z])|[{UPPER}](?=[{LOWER}])){{1,20}}|[{UPPER}]['’]?[{UPPER}]{{1,20}})"
    rf"(?:-[{UPPER}][{UPPER}{LOWER}]{{1,20}})?(?![\w])"
)
#: What stands between the parts of a name, and before a last name that is called by itself.
PARTICLE = r"(?:[A-Z]\.|[A-Z](?=[ ])|(?:de|del|della|di|la|da|das|dos|du|van|der|ter|von|zu|den|bin|bint|al|el|ben|y|e)(?!\w))"
NAME = rf"(?:{PARTICLE}[ ]){{0,2}}{WORD}(?:[ ]{PARTICLE}){{0,2}}(?:[ ]{WORD}){{0,2}}"
FULL = rf"{WORD}(?:[ ]{PARTICLE}){{0,2}}[ ]{WORD}(?:[ ]{WORD})?"
TURNED = rf"{WORD}(?:[ ]{WORD})?,[ ]{WORD}(?:[ ][A-Z]\b\.?)?"
