"""The doors. They take letters in and acknowledge only what was kept.

A door knows sockets and nothing of the casebook: whoever opens it hands it a `keep` function (SMTP) or a `Ledger` (IMAP), and
says "kept" to the other side only after that came back.
"""

from consultant.inbox.imap import IdleBroken, Ledger, take_in, watch
from consultant.inbox.mailboxes import Mailbox, MailboxError, mailboxes
from consultant.inbox.smtp import Door, Keep

__all__ = ["Door", "IdleBroken", "Keep", "Ledger", "Mailbox", "MailboxError", "mailboxes", "take_in", "watch"]
