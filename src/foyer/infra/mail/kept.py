"""Mail that goes nowhere: kept as files where no server is set, the newest ones only, to be read in demo mode."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final, cast

from foyer.infra.mail.letter import Letter, encoded

KEPT_MAX: Final = 1_000
NAME: Final = re.compile(r"[0-9a-f]{32}")
"""What a kept mail is called: its id, so that one that is sent twice is kept once."""


class KeptPost:
    """Writes each letter into a directory; the oldest go when there are too many."""

    def __init__(self, directory: Path, sender: str, *, most: int = KEPT_MAX) -> None:
        self._directory = directory
        self._sender = sender
        self._most = most

    async def send(self, letter: Letter) -> None:
        """Keep one letter.

        Raises:
            Refused: the recipient is no address.
        """
        raw = encoded(letter, sender=self._sender).as_bytes()
        name = re.sub(r"[^0-9a-f]", "", letter.message_id.partition("@")[0])
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._directory / f"{name}.{os.getpid()}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(raw)
        fresh.replace(self._directory / f"{name}.eml")
        for old in sorted(self._directory.glob("*.eml"))[: -self._most]:
            old.unlink(missing_ok=True)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class KeptPart:
    """A file that came with a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class KeptHead:
    """What a list shows of a kept mail."""

    name: str
    sender: str
    to: str
    subject: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A kept mail, read again."""

    head: KeptHead
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[KeptPart, ...]
    raw: bytes


def kept_heads(directory: Path, *, most: int) -> list[KeptHead]:
    """The newest kept mails, read no further than their headers."""
    found = []
    for name in _names(directory)[:most]:
        with suppress(FileNotFoundError), (directory / f"{name}.eml").open("rb") as file:
            found.append(_head(name, BytesHeaderParser(policy=default).parse(file)))
    return found


def _names(directory: Path) -> list[str]:
    return sorted((path.stem for path in directory.glob("*.eml")), reverse=True)


def _head(name: str, message: EmailMessage) -> KeptHead:
    at = parsedate_to_datetime(str(message["Date"])) if message["Date"] else None
    return KeptHead(name, str(message["From"]), str(message["To"]), str(message["Subject"]), at)


def kept_mail(directory: Path, name: str) -> KeptMail | None:
    """One kept mail; None where there is none of that name."""
    if not NAME.fullmatch(name):
        return None
    try:
        raw = (directory / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    message = message_from_bytes(raw, policy=default)
    return KeptMail(
        head=_head(name, message),
        headers=tuple((key, str(value)) for key, value in message.items()),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(
            KeptPart(part.get_filename() or "file", part.get_content_type(), _content(part))
            for part in message.iter_attachments()
        ),
        raw=raw,
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content())


def _content(part: EmailMessage) -> bytes:
    return cast("bytes", part.get_payload(decode=True))
