"""What is told as it happens (server-sent events): one question a second for each thing that is told, however many listen.

A listener costs memory and a socket, and nothing else: no transaction and no connection to the database is held for one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from secrets import randbelow
from typing import Any, Final, cast

import structlog
from litestar import Response
from litestar.response.base import ASGIResponse

from foyer.infra.http import Receive, Scope, Send
from foyer.kernel.errors import Busy, FoyerError
from foyer.kernel.language import said

log = structlog.get_logger("foyer.streams")

Look = Callable[[], Awaitable[bytes]]
"""Finds out what is to be told now, as one line; a refusal other than `Busy` ends the telling."""

LISTENERS_MAX: Final = 1_500
"""Of one thing in one process."""
PACE_SECONDS: Final = 1.0
BEAT_SECONDS: Final = 15.0
LAST_SECONDS: Final = 420
SPREAD: Final = 0.3
"""Who came together leaves over this part of the time, so that they do not come back together either."""
RETURN_MS: Final = 2_000
RETURN_SPREAD_MS: Final = 4_000
TURN: Final = 100
"""So many are told before others have their turn."""
FULL_SECONDS: Final = 30
GOODBYE_SECONDS: Final = 1.0

_HEAD: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
_BEAT: Final = b": still here\n\n"


class Streams:
    """Everybody who listens in this process."""

    def __init__(self) -> None:
        self._channels: dict[Hashable, _Channel] = {}
        self._is_closed = False

    async def listen(self, key: Hashable, look: Look, *, seconds: int | None = None) -> "Stream":
        """An answer that tells what there is now, then each change, at most one a second.

        Args:
            key: what is told about; whoever names the same is told the same.
            look: finds out what there is.
            seconds: how long to listen at most; with 0 only what there is now, None for some minutes.

        Raises:
            Busy: as many listen to it as can.
            FoyerError: `look` refuses.
        """
        news = await look()
        channel = self._channels.get(key)
        if self._is_closed or (channel is not None and len(channel.listeners) >= LISTENERS_MAX):
            raise Busy(
                said("Too many are listening; ask again in a while."), retry_after_seconds=FULL_SECONDS
            )
        most = LAST_SECONDS if seconds is None else seconds
        return Stream(self, key, look, news, most - randbelow(int(most * SPREAD) + 1))

    def close(self) -> None:
        """Let everybody go at once: the process ends, and another one answers those who come back."""
        self._is_closed = True
        for channel in list(self._channels.values()):
            channel.end()

    def join(self, stream: "Stream") -> "_Channel":
        channel = self._channels.get(stream.key)
        if channel is None:
            channel = self._channels[stream.key] = _Channel(self, stream)
        channel.listeners.add(stream)
        return channel

    def drop(self, key: Hashable, channel: "_Channel") -> None:
        if self._channels.get(key) is channel:
            del self._channels[key]


class _Channel:
    """One thing that is told, and those who listen; it ends with the last of them."""

    def __init__(self, streams: Streams, first: "Stream") -> None:
        self.listeners: set[Stream] = set()
        self._streams = streams
        self._key = first.key
        self._look = first.look
        self.news = first.news
        self._telling = asyncio.create_task(self._tell())

    def leave(self, stream: "Stream") -> None:
        self.listeners.discard(stream)
        if not self.listeners:
            self._streams.drop(self._key, self)
            self._telling.cancel()

    def end(self) -> None:
        self._streams.drop(self._key, self)
        for stream in self.listeners:
            stream.end()

    async def _tell(self) -> None:
        beaten = time.monotonic()
        try:
            while True:
                await asyncio.sleep(PACE_SECONDS)
                try:
                    news = await self._look()
                except Busy:
                    news = self.news  # what is not known is not told; the next second knows more
                if news != self.news:
                    self.news = news
                    await self._wake(_message(news))
                if time.monotonic() - beaten >= BEAT_SECONDS:
                    beaten = time.monotonic()
                    await self._wake(_BEAT)
        except FoyerError:
            self.end()
        except Exception:
            log.exception("defect")
            self.end()

    async def _wake(self, text: bytes) -> None:
        for place, stream in enumerate(tuple(self.listeners), 1):
            stream.tell(text)
            if place % TURN == 0:
                await asyncio.sleep(0)


class Stream(Response[str]):
    """One listener, as the answer to a request. Who is slow is told the latest, not everything."""

    def __init__(self, streams: Streams, key: Hashable, look: Look, news: bytes, seconds: int) -> None:
        super().__init__("")
        self.key = key
        self.look = look
        self.news = news
        self._streams = streams
        self._seconds = seconds
        self._text = b""
        self._is_over = False
        self._woken = asyncio.Event()

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return cast("ASGIResponse", self)

    def tell(self, text: bytes) -> None:
        if text is not _BEAT or not self._text:
            self._text = text
        self._woken.set()

    def end(self) -> None:
        self._is_over = True
        self._woken.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        channel = self._streams.join(self)
        gone = asyncio.create_task(_until_gone(receive))
        gone.add_done_callback(lambda _: self.end())
        if self._seconds == 0 or scope["state"].get("is_head"):
            self.end()
        try:
            async with asyncio.timeout(self._seconds or None):
                await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
                hint = f"retry: {RETURN_MS + randbelow(RETURN_SPREAD_MS)}\n".encode()
                await _send(send, hint + _message(self.news))
                while not self._is_over:
                    await self._woken.wait()
                    self._woken.clear()
                    text, self._text = self._text, b""
                    await _send(send, text)
        except TimeoutError:
            pass  # it has lasted as long as it may
        finally:
            gone.cancel()
            channel.leave(self)
        with suppress(TimeoutError):  # of who does not read any more the server lets go
            async with asyncio.timeout(GOODBYE_SECONDS):
                await send({"type": "http.response.body", "body": b"", "more_body": False})


def _message(news: bytes) -> bytes:
    return b"data: " + news + b"\n\n"


async def _send(send: Send, text: bytes) -> None:
    if text:
        await send({"type": "http.response.body", "body": text, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
