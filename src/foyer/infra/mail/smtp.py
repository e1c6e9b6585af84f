"""SMTP: one connection for a burst of letters, private on the way, each answer told apart."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.policy import SMTP, SMTPUTF8
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog
from aiosmtplib import SMTPException, SMTPResponseException

from foyer.infra.mail.errors import AnswerLost, Refused, Undeliverable
from foyer.infra.mail.letter import Letter, encoded, sender_address, wire_address
from foyer.kernel.text import tidy_line

STEP_SECONDS: Final = 20.0
"""One command and its answer; the letter itself is one."""
LETTER_SECONDS: Final = 60.0
"""Until a letter is answered that was handed over whole: servers look into it first."""
TURN_SECONDS: Final = 60.0
"""Until another letter lets us have the connection. With all steps before and after, a claim of a mail outlives it."""
IDLE_SECONDS: Final = 15.0
LETTERS_MAX: Final = 100
"""After so many a connection is closed: servers cut longer ones, or count them against us."""
WORDS_MAX: Final = 500

log = structlog.get_logger("foyer.mail")


class Security(StrEnum):
    """How the conversation is kept private."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in, and how."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = None

    @classmethod
    def of(cls, url: str) -> "SmtpServer":
        """The server of `FOYER_SMTP_URL`. Only a server on this very machine is spoken to in the clear."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        security = Security.TLS if parts.scheme == "smtps" else Security.STARTTLS
        if security is Security.STARTTLS and _is_loopback(host):
            security = Security.NONE
        port = parts.port or {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}[security]
        user, password = (
            parts.username and unquote(parts.username),
            parts.password and unquote(parts.password),
        )
        return cls(host, port, security, user or None, password or None)


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


class SmtpPost:
    """Hands letters to one server, one after the other over one connection that closes when nothing is left to send."""

    def __init__(
        self,
        server: SmtpServer,
        sender: str,
        *,
        tls: ssl.SSLContext | None = None,
        step_seconds: float = STEP_SECONDS,
        letter_seconds: float = LETTER_SECONDS,
    ) -> None:
        self._server = server
        self._sender = sender
        self._tls = tls or ssl.create_default_context()
        self._step_seconds = step_seconds
        self._letter_seconds = letter_seconds
        self._turn = asyncio.Lock()
        self._client: aiosmtplib.SMTP | None = None
        self._sent = 0
        self._closing: asyncio.TimerHandle | None = None
        self._closed: set[asyncio.Task[None]] = set()

    async def send(self, letter: Letter) -> None:
        """Hand one letter over.

        Raises:
            Undeliverable: it was not taken, and may be later.
            AnswerLost: it was handed over, and no answer came.
            Refused: it will never be taken.
        """
        message = encoded(letter, sender=self._sender)
        to = wire_address(letter.to)
        await self._take_turn()
        try:
            self._keep_open()
            client = await self._connected()
            is_utf8 = not to.isascii()
            if is_utf8 and not client.supports_extension("smtputf8"):
                raise Refused("The mail server takes no addresses with letters like these.")
            raw = message.as_bytes(policy=SMTPUTF8 if is_utf8 else SMTP)
            await self._hand_over(client, to, raw, is_utf8=is_utf8)
        except asyncio.CancelledError:
            self._drop()
            raise
        finally:
            self._close_later()
            self._turn.release()

    async def close(self) -> None:
        """Say goodbye, once a letter on its way has had its answer."""
        async with self._turn:
            self._keep_open()
            await self._goodbye()

    async def _take_turn(self) -> None:
        try:
            await asyncio.wait_for(self._turn.acquire(), TURN_SECONDS)
        except TimeoutError:
            raise Undeliverable("Too many mails are on their way at once.") from None

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected and self._sent < LETTERS_MAX:
            try:
                await self._client.rset()
            except SMTPException:
                self._drop()
            else:
                return self._client
        await self._goodbye()
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=self._tls if server.security is not Security.NONE else None,
            timeout=self._step_seconds,
        )
        try:
            await client.connect()
            if server.user is not None:
                await client.login(server.user, server.password or "")
        except (SMTPException, OSError, ValueError) as wrong:
            client.close()
            log.warning("no mail server", host=server.host, port=server.port, error=_words(wrong))
            raise Undeliverable(f"The mail server cannot be used: {_words(wrong)}") from None
        self._client, self._sent = client, 0
        return client

    async def _hand_over(self, client: aiosmtplib.SMTP, to: str, raw: bytes, *, is_utf8: bool) -> None:
        options = ["SMTPUTF8", "BODY=8BITMIME"] if is_utf8 else []
        try:
            try:
                await client.mail(sender_address(self._sender), options=options)
            except SMTPResponseException as wrong:  # whatever it is, it is not this recipient's fault
                raise Undeliverable(_words(wrong)) from None
            await client.rcpt(to, encoding="utf-8" if is_utf8 else "ascii")
        except SMTPResponseException as wrong:
            raise _told(wrong) from None
        except (SMTPException, OSError) as wrong:
            self._drop()
            raise Undeliverable(_words(wrong)) from None
        try:
            await client.data(raw, timeout=self._letter_seconds)
        except SMTPResponseException as wrong:
            raise _told(wrong) from None
        except (SMTPException, OSError) as wrong:
            self._drop()
            raise AnswerLost(_words(wrong)) from None
        self._sent += 1

    def _keep_open(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None

    def _close_later(self) -> None:
        if self._client is not None:
            self._closing = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._begin_closing)

    def _begin_closing(self) -> None:
        closing = asyncio.ensure_future(self.close())
        self._closed.add(closing)
        closing.add_done_callback(self._closed.discard)

    async def _goodbye(self) -> None:
        client, self._client = self._client, None
        if client is not None and client.is_connected:
            with suppress(SMTPException, OSError, TimeoutError):
                await client.quit()
            client.close()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _told(wrong: SMTPResponseException) -> Undeliverable | Refused:
    """What an answer means: those from 500 are for good."""
    return Refused(_words(wrong)) if wrong.code >= 500 else Undeliverable(_words(wrong))


def _words(wrong: BaseException) -> str:
    """What was answered, on one line and not longer than it needs to be."""
    if isinstance(wrong, SMTPResponseException):
        return tidy_line(f"{wrong.code} {wrong.message}")[:WORDS_MAX]
    return tidy_line(str(wrong) or type(wrong).__name__)[:WORDS_MAX]
