"""A small HTTP/1.1 client: kept connections, whole answers, and as little processor time as possible.

The buyers run on the machine that they measure, so what they spend is taken from the shop.
"""

import asyncio
import ssl
from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlsplit

import httptools

ANSWER_SECONDS: Final = 30.0


class NoAnswerError(Exception):
    """The connection was lost, refused or silent."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    retry_after: str | None
    body: bytes


class Place(NamedTuple):
    """Where a shop answers."""

    host: str
    port: int
    is_secure: bool
    name: str
    """As it stands in the header `Host`."""


def place_of(url: str) -> Place:
    """The place of an address like `http://127.0.0.1:8000`."""
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    return Place(parts.hostname or "", port, is_secure, parts.netloc)


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._waiting: asyncio.Future[Answer] | None = None
        self.transport: asyncio.Transport | None = None
        self.is_open = True
        self.begin()

    def begin(self) -> None:
        """Forget the answer before; the next one is read from its beginning."""
        self._parser: Any = httptools.HttpResponseParser(self)
        self._retry_after: str | None = None
        self._body: list[bytes] = []
        self._keeps = True

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        assert self.transport is not None
        assert self._waiting is None
        self.begin()
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._waiting

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(NoAnswerError(str(exc or "the connection was closed")))

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"retry-after":
            self._retry_after = value.decode("ascii", "replace")

    def on_headers_complete(self) -> None:
        self._keeps = self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        waiting, self._waiting = self._waiting, None
        if not self._keeps:
            self.close()
        if waiting is not None and not waiting.done():
            waiting.set_result(
                Answer(self._parser.get_status_code(), self._retry_after, b"".join(self._body))
            )

    def close(self) -> None:
        self.is_open = False
        if self.transport is not None:
            self.transport.close()


class Client:
    """Connections to one shop, used again and again; at most so many at once, beyond which requests wait."""

    def __init__(self, url: str, *, connections_max: int) -> None:
        self._place = place_of(url)
        self._idle: list[_Connection] = []
        self._room = asyncio.Semaphore(connections_max)
        self._secure = ssl.create_default_context() if self._place.is_secure else None

    async def ask(
        self, method: str, path: str, body: bytes = b"", *, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request and wait for its answer.

        Raises:
            NoAnswerError: none came; whether the request was done is not known.
        """
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._place.name}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        elif method != "GET":
            lines.append("Content-Length: 0")
        request = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
        async with self._room:
            connection = self._kept() or await self._connect()
            try:
                answer = await asyncio.wait_for(connection.ask(request), ANSWER_SECONDS)
            except TimeoutError:
                connection.close()
                raise NoAnswerError(f"no answer within {ANSWER_SECONDS:.0f} s") from None
            except BaseException:
                connection.close()
                raise
            if connection.is_open:
                self._idle.append(connection)
            return answer

    def close(self) -> None:
        for connection in self._idle:
            connection.close()

    def _kept(self) -> _Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _connect(self) -> _Connection:
        loop, place = asyncio.get_running_loop(), self._place
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                _, connection = await loop.create_connection(
                    _Connection, place.host, place.port, ssl=self._secure
                )
        except (OSError, TimeoutError) as away:
            raise NoAnswerError(str(away)) from None
        return connection
