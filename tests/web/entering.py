"""Somebody at the entrance: a browser with an address of its own, so that nobody's tries count for others."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

import httpx

from tests.support.world import PASSWORD

COOKIE = "foyer-staff"
_numbers = count(1)


@dataclass
class Person:
    """One browser, sending forms as its pages do."""

    http: httpx.AsyncClient
    number: int

    async def open(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers=headers)

    async def send(self, path: str, headers: dict[str, str] | None = None, **form: str) -> httpx.Response:
        sent = {"Sec-Fetch-Site": "same-origin", **(headers or {})}
        return await self.http.post(path, data=form, headers=sent)

    async def sign_in(self, email: str, password: str = PASSWORD, **form: str) -> httpx.Response:
        return await self.send("/sign-in", email=email, password=password, **form)

    async def sign_up(self, **changes: str) -> httpx.Response:
        return await self.send("/sign-up", **{**self.wanted, **changes})

    @property
    def wanted(self) -> dict[str, str]:
        """A form of a sign-up that nobody else sends."""
        return {
            "organization": f"Haus Nr. {self.number}",
            "slug": f"haus-{self.number}",
            "currency": "CHF",
            "name": "Nia Neu",
            "email": f"nia-{self.number}@haus.example",
            "password": "a few words in a row",
        }

    @property
    def token(self) -> str | None:
        return self.http.cookies.get(COOKIE)

    async def is_in(self) -> bool:
        """Whether the office opens."""
        answer = await self.open("/office/account")
        assert answer.status_code in {200, 303}, answer.text
        return answer.status_code == 200


@asynccontextmanager
async def person(client: httpx.AsyncClient, *, ip: str | None = None) -> AsyncIterator[Person]:
    number = next(_numbers)
    address = ip or f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    transport = httpx.ASGITransport(app=client._transport.app, client=(address, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
        yield Person(http, number)


WINDOW_SECONDS = 900
"""Every window in which tries are counted begins where one of these does."""
NEEDED_SECONDS = 20


async def amid_a_window() -> None:
    """Wait where a window is about to end, so that tries of one test are counted together."""
    left = WINDOW_SECONDS - time.time() % WINDOW_SECONDS
    if left < NEEDED_SECONDS:
        await asyncio.sleep(left + 0.1)


def words(page: str) -> str:
    body = page.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def value_of(page: str, name: str) -> str:
    """What stands in a field of a page."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found is not None, name
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""
