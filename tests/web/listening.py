"""A browser that listens: one request whose answer goes on, spoken to the application itself."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import msgspec

PATIENCE_SECONDS = 5.0


@dataclass
class Listener:
    """What a stream has said so far."""

    app: Any
    path: str
    method: str = "GET"
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    is_over: bool = False

    def __post_init__(self) -> None:
        self._gone = asyncio.Event()
        self._heard = asyncio.Event()
        self.task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        scope = {
            "type": "http", "http_version": "1.1", "method": self.method, "path": self.path, "raw_path": self.path.encode(),
            "root_path": "", "scheme": "http", "query_string": b"", "headers": [(b"host", b"localhost:8000")],
            "client": ("127.0.0.1", 9), "server": ("localhost", 8000), "asgi": {"version": "3.0"}, "state": {},
        }  # fmt: skip
        await self.app(scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.is_over = not message.get("more_body", False)
            if message.get("body"):
                self.said.append(message["body"].decode())
        self._heard.set()

    async def until(self, count: int) -> "Listener":
        """Wait until it has been told so many times."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.said) < count and not self.is_over:
                self._heard.clear()
                await self._heard.wait()
        return self

    async def ended(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.task

    async def leave(self) -> None:
        self._gone.set()
        await self.ended()

    @property
    def news(self) -> list[Any]:
        """What it was told, without what only keeps the line open."""
        lines = [line for text in self.said for line in text.splitlines()]
        return [msgspec.json.decode(line[6:]) for line in lines if line.startswith("data: ")]
