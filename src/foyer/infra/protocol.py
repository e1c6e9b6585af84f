"""The HTTP protocol of the web server, with the limit that uvicorn lacks: what a client sends has to arrive in time."""

import asyncio
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS: Final = 10.0
BODY_SECONDS: Final = 20.0


class PunctualProtocol(HttpToolsProtocol):
    """Closes a connection whose headers take longer than `HEADER_SECONDS`, or whose body longer than `BODY_SECONDS`.

    A request that arrives whole, as nearly all do, sets no timer: what was read is looked at first.
    """

    _patience: float | None = None
    """How many seconds what is being read may take; None between two requests."""
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(cast("asyncio.Transport", _Joining(transport, self.loop)))
        self._expect(HEADER_SECONDS)
        self._hurry()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        super().connection_lost(exc)

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
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._expect(None)
        super().on_message_complete()

    def _expect(self, patience: float | None) -> None:
        self._patience = patience
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _hurry(self) -> None:
        assert self._patience is not None
        self._deadline = self.loop.call_later(self._patience, self._cut)

    def _cut(self) -> None:
        if self.flow.read_paused:
            self._hurry()  # nobody is late whom we do not read
        elif not self.transport.is_closing():
            self.transport.close()


class _Joining:
    """A transport that keeps a write back for the next one, so that head and body of an answer leave in one system call.

    What no other write follows leaves at the end of the turn of the loop; of a stream at most one piece is kept back.
    """

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
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

    def _let_go(self) -> None:
        data, self._kept = self._kept, b""
        if data and not self._transport.is_closing():
            self._transport.write(data)
