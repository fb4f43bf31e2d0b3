"""The doors. They take letters in and acknowledge only what was kept.

A door knows sockets and nothing of the casebook: whoever opens it hands it a `keep` function (SMTP) or a `Ledger` (IMAP), and
says "kept" to the other side only after that came back.
"""

from consultant.inbox.imap import IdleBroken, connect, watch
from consultant.inbox.intake import Ledger, take_in
from consultant.inbox.mailboxes import Mailbox, MailboxError, mailboxes
from consultant.inbox.smtp import Door, Keep, listening
from consultant.oauth import OAuth, TokenError, Tokens

__all__ = [
    "Door",
    "IdleBroken",
    "Keep",
    "Ledger",
    "Mailbox",
    "MailboxError",
    "OAuth",
    "TokenError",
    "Tokens",
    "connect",
    "listening",
    "mailboxes",
    "take_in",
    "watch",
]
