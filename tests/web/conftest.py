"""A browser without a window: follows forms, keeps cookies, says where it comes from. And the office behind the shop."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest

from foyer.domains.checkout import (
    Till,
    approve_order,
    begin_refund,
    cancel_event,
    cancel_order,
    mark_paid,
    perform_refund,
    refuse_order,
)
from foyer.domains.checkout.types import WantedRefund
from foyer.domains.events import create_discount, create_tax_rate
from foyer.domains.events.types import DiscountDraft, TaxRateDraft
from foyer.domains.orders.types import CancelReason
from foyer.domains.payments import PROVIDERS
from foyer.infra.db.engine import Database
from tests.support.world import Organization

CONTACT = {"firstName": "Mira", "lastName": "Berg", "email": "mira@lund.example"}


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

    async def cart(self, event: Any, *counts: int) -> str:
        """The path of a cart with so many of each ticket type, below the shop."""
        wanted = {str(kind.id): count for kind, count in zip(event.ticket_types, counts, strict=False)}
        answer = await self.reserve(event.slug, **wanted)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix(f"/{self.shop.slug}")

    async def order(self, event: Any, *counts: int) -> str:
        """The whole link of an order, placed as its page says."""
        return await self.place(await self.cart(event, *(counts or (1,))))

    async def place(self, path: str) -> str:
        form = {**CONTACT, "expectedTotal": hidden((await self.open(path)).text, "expectedTotal")}
        answer = await self.send(f"{path}/checkout", form)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def press(self, link: str) -> httpx.Response:
        """Cancel the order behind a link, as its page does."""
        bare, _, key = link.partition("?")
        return await self.http.post(f"{bare}/cancellation?{key}", headers={"Sec-Fetch-Site": "same-origin"})


@dataclass
class Office:
    """What staff of the organization do meanwhile."""

    database: Database
    organization: Organization

    async def rate(self, name: str, percent: float, *, inclusive: bool) -> UUID:
        draft = TaxRateDraft(name=name, rate_percentage=percent, inclusive=inclusive)
        async with self.database.write(self.organization.id) as tx:
            return (await create_tax_rate(tx, draft, actor=self.organization.owner)).id

    async def code(self, code: str, **more: Any) -> UUID:
        async with self.database.write(self.organization.id) as tx:
            return (
                await create_discount(tx, DiscountDraft(code=code, **more), actor=self.organization.owner)
            ).id

    async def paid(self, link: str) -> None:
        async with Till(self.database, PROVIDERS, max_batch=1) as till:
            await mark_paid(till, self.organization.id, order_id(link), actor=self.organization.owner)

    async def approve(self, link: str) -> None:
        async with self.database.write(self.organization.id) as tx:
            await approve_order(tx, order_id(link), actor=self.organization.owner, providers=PROVIDERS)

    async def refuse(self, link: str, reason: str | None) -> None:
        async with self.database.write(self.organization.id) as tx:
            await refuse_order(tx, order_id(link), actor=self.organization.owner, reason=reason)

    async def cancel(self, link: str, reason: CancelReason) -> None:
        async with self.database.write(self.organization.id) as tx:
            await cancel_order(tx, order_id(link), actor=self.organization.owner, reason=reason)

    async def call_off(self, event_id: UUID) -> None:
        async with self.database.write(self.organization.id) as tx:
            await cancel_event(tx, event_id, actor=self.organization.owner)

    async def refund(
        self, link: str, wanted: list[WantedRefund] | None = None, *, performs: bool = True
    ) -> None:
        async with self.database.write(self.organization.id) as tx:
            await begin_refund(tx, order_id(link), wanted, actor=self.organization.owner, reason=None)
        if performs:
            async with Till(self.database, PROVIDERS, max_batch=1) as till:
                await perform_refund(till, self.organization.id, order_id(link))


def order_id(link: str) -> UUID:
    return UUID(link.partition("?")[0].rpartition("/")[2])


def hidden(page: str, name: str) -> str:
    """What a hidden field of a page sends."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)
    assert found is not None, name
    return found[1]


def words(page: str) -> str:
    """What a page says, in one line."""
    body = page.partition("<main")[2].partition("<footer")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).replace("\u00a0", " ").split())


@pytest.fixture
async def visitor(client: httpx.AsyncClient, organization: Organization) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(transport=client._transport, base_url="http://localhost:8000") as http:
        yield Visitor(http, organization)


@pytest.fixture
async def other_visitor(client: httpx.AsyncClient, organization: Organization) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(transport=client._transport, base_url="http://localhost:8000") as http:
        yield Visitor(http, organization)


@pytest.fixture
def office(database: Database, organization: Organization) -> Office:
    return Office(database, organization)
