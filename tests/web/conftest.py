"""A browser without a window: follows forms, keeps cookies, says where it comes from."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from tests.support.world import Organization


@dataclass
class Visitor:
    """One browser at one shop."""

    http: httpx.AsyncClient
    shop: Organization

    async def open(self, path: str = "") -> httpx.Response:
        return await self.http.get(f"/{self.shop.slug}{path}")

    async def send(self, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
        sent = {"Sec-Fetch-Site": "same-origin", **headers}
        return await self.http.post(f"/{self.shop.slug}{path}", data=form, headers=sent)

    async def reserve(self, event_slug: str, **quantities: int) -> httpx.Response:
        form = {f"quantity-{kind}": str(count) for kind, count in quantities.items()}
        return await self.send(f"/events/{event_slug}/reserve", form)


@pytest.fixture
async def visitor(client: httpx.AsyncClient, organization: Organization) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(transport=client._transport, base_url="http://localhost:8000") as http:
        yield Visitor(http, organization)


@pytest.fixture
async def other_visitor(client: httpx.AsyncClient, organization: Organization) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(transport=client._transport, base_url="http://localhost:8000") as http:
        yield Visitor(http, organization)
