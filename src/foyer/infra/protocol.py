"""The HTTP protocol of the web server, with the limits that uvicorn lacks: what is sent and taken has to move along."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS: Final = 10.0
BODY_SECONDS: Final = 30.0
BODIES_MAX: Final = 400
"""Bodies of a process that may be on their way at once: a request that waits for its body takes the room of one that could be served."""
TAKING_SECONDS: Final = 30.0
TAKING_BYTES: Final = 64 * 1024


def bodies_beside(requests_max: int) -> int:
    """How many bodies may be on their way where so many requests are let in: half of the room is for who has said it all."""
    return min(BODIES_MAX, requests_max // 2)


class PunctualProtocol(HttpToolsProtocol):
    """Closes a connection whose headers take longer than `HEADER_SECONDS`, or whose body longer than `BODY_SECONDS`.

    A request that arrives whole, as nearly all do, sets no timer: what was read is looked at first. Of more than `bodies_max`
    bodies the oldest is given up. An answer that waits in memory has to be taken at `TAKING_BYTES` in `TAKING_SECONDS` or faster.
    """

    bodies_max: ClassVar[int] = BODIES_MAX
    _awaited: "ClassVar[dict[PunctualProtocol, None]]" = {}
    """Whose bodies are on their way, the oldest first."""
    _patience: float | None = None
    """How many seconds what is being read may take; None between two requests."""
    _deadline: asyncio.TimerHandle | None = None
    _has_headers = False
    _taking: asyncio.TimerHandle | None = None
    _left = 0
    """Bytes that were not taken yet when this was looked at last."""

    def connection_made(self, transport: Any) -> None:
        joining = _Joining(transport, self.loop, self._watch)
        super().connection_made(cast("asyncio.Transport", joining))
        self._expect(HEADER_SECONDS)
        self._hurry()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        self._unwatch()
        super().connection_lost(exc)
        cast("_Joining", self.transport).let_loose()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._patience is not None and self._deadline is None:
            self._hurry()

    def on_message_begin(self) -> None:
        if self._patience is None:  # the first request of a connection is awaited since that was made
            self._expect(HEADER_SECONDS)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._expect(BODY_SECONDS)
        self._has_headers = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._expect(None)
        super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        if not self.transport.is_closing():
            self._unwatch()
        super().resume_writing()

    def _expect(self, patience: float | None) -> None:
        self._patience = patience
        self._has_headers = False
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
            self._awaited.pop(self, None)

    def _hurry(self) -> None:
        assert self._patience is not None
        self._deadline = self.loop.call_later(self._patience, self._cut)
        if self._has_headers:
            self._awaited[self] = None
            if len(self._awaited) > self.bodies_max:
                oldest = next(iter(self._awaited))
                del self._awaited[oldest]
                oldest.transport.close()

    def _cut(self) -> None:
        if self.flow.read_paused:
            self._hurry()  # nobody is late whom we do not read
        elif not self.transport.is_closing():
            self.transport.close()

    def _watch(self) -> None:
        """Look now and then whether what is written is taken."""
        self._unwatch()
        self._left = self.transport.get_write_buffer_size()
        if self._left:
            self._taking = self.loop.call_later(TAKING_SECONDS, self._look)

    def _unwatch(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _look(self) -> None:
        before = self._left
        self._watch()
        if self._left > before - TAKING_BYTES and self._taking is not None:
            self.transport.abort()


class _Joining:
    """A transport that keeps a write back for the next one, so that head and body of an answer leave in one system call.

    What no other write follows leaves at the end of the turn of the loop; of a stream at most one piece is kept back.
    """

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop, on_close: Callable[[], None]) -> None:
        self._transport = transport
        self._loop = loop
        self._on_close = on_close
        self._kept = b""
        self.is_closing = transport.is_closing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if self._kept:
            data, self._kept = self._kept + data, b""
            self._transport.write(data)
        elif data:
            self._kept = data
            self._loop.call_soon(self._let_go)

    def close(self) -> None:
        self._let_go()
        self._transport.close()
        self._on_close()  # what is written already is still being taken

    def let_loose(self) -> None:
        """Nobody is told any more: a ring of protocol and transport would stay until the collector comes by."""
        self._on_close = _nothing

    def _let_go(self) -> None:
        data, self._kept = self._kept, b""
        if data and not self._transport.is_closing():
            self._transport.write(data)


def _nothing() -> None:
    pass
