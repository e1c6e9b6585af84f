"""Staff at the office: a browser that is signed in, and orders to work on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from foyer.domains.checkout import audit
from foyer.domains.identity import add_user
from foyer.domains.identity.types import UserDraft
from foyer.domains.orders import order_for_staff
from foyer.domains.orders.types import OrderStaff
from foyer.domains.tickets import tickets_for_staff
from foyer.domains.tickets.types import TicketStaff
from foyer.infra.db.engine import Database
from tests.support.world import PASSWORD, Organization, signed_in
from tests.web.conftest import hidden

SAME = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Desk:
    """One member of staff in their browser."""

    http: httpx.AsyncClient
    database: Database
    organization: Organization

    async def open(self, path: str) -> httpx.Response:
        return await self.http.get(f"/office{path}")

    async def page(self, path: str) -> str:
        answer = await self.open(path)
        assert answer.status_code == 200, (answer.status_code, answer.text[:500])
        return answer.text

    async def send(self, path: str, form: dict[str, Any] | None = None) -> httpx.Response:
        return await self.http.post(f"/office{path}", data=form or {}, headers=SAME)

    async def refund(self, order_id: UUID, **choice: Any) -> httpx.Response:
        """Look at what a refund would do, and do it, as its page is used."""
        path = f"/orders/{order_id}/refund"
        page = (await self.http.get(f"/office{path}", params=choice)).text
        kept = {name: hidden(page, name) for name in ("version", "way", "expected")}
        return await self.send(path, {**kept, **choice})

    async def order(self, order_id: UUID) -> OrderStaff:
        async with self.database.read(self.organization.id) as tx:
            return await order_for_staff(tx, order_id)

    async def tickets(self, order_id: UUID) -> list[TicketStaff]:
        async with self.database.read(self.organization.id) as tx:
            return await tickets_for_staff(tx, order_id)

    async def books(self) -> list[Any]:
        """In what the books differ."""
        async with self.database.snapshot(self.organization.id) as connection:
            return [one async for one in audit(connection, self.organization.id)]


@asynccontextmanager
async def at_desk(
    client: httpx.AsyncClient, database: Database, organization: Organization, role: str = "owner"
) -> AsyncIterator[Desk]:
    """Somebody of this role, signed in."""
    user_id = organization.user_id
    if role != "owner":
        async with database.write(organization.id) as tx:
            email = f"{role}@example.org"
            user_id = await add_user(
                tx, UserDraft(name=role.capitalize(), email=email, password=PASSWORD, role=role)
            )
    transport = client._transport
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
        await signed_in(http, organization, user_id)
        yield Desk(http, database, organization)


__all__ = ["Desk", "at_desk"]
