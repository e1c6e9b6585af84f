"""A way to the database that is cut when a transaction ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import parse_qs, urlsplit

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"


class Cut(Enum):
    NEVER = "never"
    BEFORE = "before the commit arrives"
    DURING = "while the commit is under way"
    AFTER = "after the answer"


@dataclass
class Wire:
    """Carries what is said until it is told to be cut at the next commit."""

    socket: str
    cut: Cut = Cut.NEVER
    cuts: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        server, questions = await asyncio.open_unix_connection(self.socket)
        back = asyncio.create_task(self._answer(server, answers))
        self._tasks.add(back)
        with suppress(ConnectionError):
            while said := await client.read(65_536):
                cut = self.cut if said == COMMIT else Cut.NEVER
                if cut is not Cut.NEVER:
                    self.cut = Cut.NEVER
                    self.cuts += 1
                if cut is Cut.BEFORE:
                    break
                if cut is Cut.DURING:
                    answers.close()
                questions.write(said)
                await questions.drain()
                if cut is Cut.AFTER:
                    await asyncio.sleep(0.05)
                if cut is not Cut.NEVER:
                    break
        answers.close()
        if cut is Cut.DURING:
            await back  # the server is through with it before it hears that nobody is there
        questions.close()

    async def _answer(self, server: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while said := await server.read(65_536):
                if answers.is_closing():
                    return
                answers.write(said)
                await answers.drain()
        answers.close()


@asynccontextmanager
async def wired(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """The wire, and the address of the same database at its end."""
    parts = urlsplit(url)
    where = parse_qs(parts.query)
    wire = Wire(f"{where['host'][0]}/.s.PGSQL.{where.get('port', ['5432'])[0]}")
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield wire, f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}?sslmode=disable"
