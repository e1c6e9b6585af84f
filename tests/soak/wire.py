"""HTTP/1.1 as bytes on a socket: what a crowd sends, without a client library that would take more of the machine than the server."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

HOST: Final = "127.0.0.1"
ANSWER_SECONDS_MAX: Final = 10.0
UNANSWERED: Final = (OSError, EOFError, TimeoutError)
"""What a request that was sent may end with instead of an answer: nobody knows then whether it was done."""


class Answer(NamedTuple):
    status: int
    body: Any
    retry_after_seconds: int = 0


class Line:
    """One connection, opened when it is needed and again after it was lost; one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request and wait for its answer.

        Raises:
            OSError, EOFError, TimeoutError: there was none.
        """
        content = b"" if body is None else msgspec.json.encode(body)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body is not None:
            lines.append("Content-Type: application/json")
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                if self._streams is None:
                    self._streams = await asyncio.open_connection(HOST, self._port)
                reader, writer = self._streams
                writer.write("\r\n".join([*lines, "\r\n"]).encode() + content)
                return await self._answer(reader)
        except BaseException:
            self.close()
            raise

    async def _answer(self, reader: asyncio.StreamReader) -> Answer:
        first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        content = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            self.close()
        is_json = "json" in headers.get("content-type", "")
        body = msgspec.json.decode(content) if content and is_json else content
        return Answer(int(first.split()[1]), body, int(headers.get("retry-after", 0)))

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
