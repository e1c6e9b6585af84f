"""Mail: letters, and the ways they leave: by SMTP, or into a directory where no server is set."""

from foyer.infra.mail.errors import AnswerLost, MailError, Refused, Undeliverable
from foyer.infra.mail.kept import KeptHead, KeptMail, KeptPart, KeptPost, kept_heads, kept_mail
from foyer.infra.mail.letter import Attachment, Letter, encoded, wire_address
from foyer.infra.mail.post import KEPT, Post, post_for

__all__ = [
    "KEPT", "AnswerLost", "Attachment", "KeptHead", "KeptMail", "KeptPart", "KeptPost", "Letter", "MailError", "Post", "Refused", "Undeliverable",
    "encoded", "kept_heads", "kept_mail", "post_for", "wire_address",
]  # fmt: skip
