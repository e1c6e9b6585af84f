"""A letter as it goes over the wire. Every header is made of one line, whatever was typed into it."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

import email_validator

from foyer.infra.mail.errors import Refused
from foyer.kernel.text import tidy_line

SUBJECT_MAX: Final = 200
NAME_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that comes with a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one address, both as text and as HTML.

    `message_id` and `at` stay the same however often it is sent. `unsubscribe` is an address that ends this kind of mail when it
    is posted to (RFC 8058).
    """

    message_id: str
    at: datetime
    to: str
    from_name: str
    reply_to: str | None
    subject: str
    text: str
    html: str
    language: str
    attachments: tuple[Attachment, ...] = ()
    unsubscribe: str | None = None


def wire_address(address: str) -> str:
    """An address as servers take it: the domain in its ASCII form.

    Raises:
        Refused: no mail can go there.
    """
    try:
        read = email_validator.validate_email(
            tidy_line(address), check_deliverability=False, test_environment=True
        )
    except email_validator.EmailNotValidError:
        raise Refused("This is no address that mail can be sent to.") from None
    return f"{read.local_part}@{read.ascii_domain}"


def sender_address(address: str) -> str:
    """Our own address, as the settings say it; its host may be known in this house alone."""
    domain = address.rpartition("@")[2]
    # As for recipients: what Python calls idna would send as fussball.example what is fußball.example.
    return address if domain.isascii() else wire_address(address)


def encoded(letter: Letter, *, sender: str) -> EmailMessage:
    """The message with all its headers.

    Raises:
        Refused: the recipient is no address.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _named(letter.from_name, sender_address(sender))
    message["To"] = wire_address(letter.to)
    if letter.reply_to:
        message["Reply-To"] = wire_address(letter.reply_to)
    message["Subject"] = tidy_line(letter.subject)[:SUBJECT_MAX]
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = letter.message_id
    # A vacation note to a machine helps nobody (RFC 3834; the second one is Exchange's).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    for file in letter.attachments:
        kind, _, rest = file.media_type.partition("/")
        subtype, *options = (part.strip() for part in rest.split(";"))
        message.add_attachment(
            file.content,
            maintype=kind,
            subtype=subtype,
            filename=tidy_line(file.name),
            params=dict(option.split("=", 1) for option in options),
        )
    message["Content-Language"] = letter.language  # last: whatever is attached takes such headers along
    return message


def _named(name: str, address: str) -> Address:
    # An @ in the name of a sender reads as another address in some programs.
    shown = tidy_line(name).replace("@", " at ")[:NAME_MAX]
    return Address(display_name=shown, addr_spec=address)
