"""Calls that many tests make, and what every refusal has to look like."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from foyer.domains.events.types import EventStaff
from tests.support.statements import TENANT_TABLES
from tests.support.world import Organization

CUSTOMER = {"email": "jo@example.org", "firstName": "Jo", "lastName": "Buyer"}
Untouched = Callable[..., AbstractAsyncContextManager[None]]


def refused(
    answer: httpx.Response, status: int, code: str, field: str | None = None, says: str = ""
) -> dict[str, Any]:
    """Check a refusal: the status, the stable code, the field, part of the sentence, the shape. Returns its body."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem.get("field")) == (status, code, field), answer.text
    assert problem["status"] == status
    assert problem["type"] == f"urn:foyer:problem:{code}"
    assert problem["requestId"] == answer.headers["x-request-id"]
    assert says in problem["detail"], problem["detail"]
    return problem


def taken(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    """Check that a request was served; returns the body."""
    assert answer.status_code == status, answer.text
    return answer.json()


async def all_rows(owner_sql: asyncpg.Connection, *organizations: UUID) -> list[tuple[object, ...]]:
    """A fingerprint of every row these organizations have, facts and scans too."""
    parts = [
        f"SELECT '{table}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
        " WHERE organization_id = ANY($1::uuid[])"
        for table in sorted(TENANT_TABLES)
    ]
    return [tuple(row) for row in await owner_sql.fetch(" UNION ALL ".join(parts), list(organizations))]


def untouched_by(owner_sql: asyncpg.Connection) -> Untouched:
    @asynccontextmanager
    async def check(*organizations: Organization) -> AsyncIterator[None]:
        """What happens inside changes no row of these organizations and tells no fact."""
        ids = [one.id for one in organizations]
        before = await all_rows(owner_sql, *ids)
        yield
        assert await all_rows(owner_sql, *ids) == before

    return check


async def facts_of(owner_sql: asyncpg.Connection, organization: Organization) -> list[str]:
    query = "SELECT type FROM facts WHERE organization_id = $1 ORDER BY created_at, id"
    return [row[0] for row in await owner_sql.fetch(query, organization.id)]


async def pool_of(owner_sql: asyncpg.Connection, table: str, row_id: object) -> tuple[int, int, int]:
    """Capacity, held and sold behind an event or a ticket type."""
    query = (
        "SELECT p.capacity, p.held, p.sold FROM pools p"
        f" JOIN {table} t ON t.organization_id = p.organization_id AND t.pool_id = p.id WHERE t.id = $1"
    )
    return tuple(await owner_sql.fetchrow(query, UUID(str(row_id))))


def lines(*wanted: tuple[object, int]) -> list[dict[str, object]]:
    return [{"ticketTypeId": str(type_id), "quantity": quantity} for type_id, quantity in wanted]


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@dataclass
class Shop:
    """A visitor in front of one organization's shop."""

    client: httpx.AsyncClient
    organization: Organization

    @property
    def path(self) -> str:
        return f"/api/v1/shops/{self.organization.slug}"

    async def offer(self, event: object) -> httpx.Response:
        return await self.client.get(f"{self.path}/events/{event}")

    async def reserve(
        self,
        event: EventStaff,
        *wanted: tuple[object, int],
        headers: dict[str, str] | None = None,
        **more: object,
    ) -> httpx.Response:
        """Ask for places; without lines for one of the first type."""
        items = lines(*(wanted or ((event.ticket_types[0].id, 1),)))
        body = {"eventId": str(event.id), "items": items, **more}
        return await self.client.post(f"{self.path}/carts", json=body, headers=headers)

    async def cart(self, event: EventStaff, *wanted: tuple[object, int], **more: object) -> dict[str, Any]:
        return taken(await self.reserve(event, *wanted, **more), 201)

    async def look(self, cart: dict[str, Any]) -> httpx.Response:
        return await self.client.get(f"{self.path}/carts/{cart['id']}", headers=bearing(cart["token"]))

    async def change(self, cart: dict[str, Any], *wanted: tuple[object, int]) -> httpx.Response:
        return await self.client.patch(
            f"{self.path}/carts/{cart['id']}", json={"items": lines(*wanted)}, headers=bearing(cart["token"])
        )

    async def drop(self, cart: dict[str, Any]) -> httpx.Response:
        return await self.client.delete(f"{self.path}/carts/{cart['id']}", headers=bearing(cart["token"]))

    async def check_out(self, cart: dict[str, Any], **changes: object) -> httpx.Response:
        body = {"customer": CUSTOMER, "paymentMethod": "free", **changes}
        return await self.client.post(
            f"{self.path}/carts/{cart['id']}/checkout", json=body, headers=bearing(cart["token"])
        )

    async def order(
        self, event: EventStaff, *wanted: tuple[object, int], **changes: object
    ) -> dict[str, Any]:
        """A confirmed order, all the way."""
        return taken(await self.check_out(await self.cart(event, *wanted), **changes), 201)

    async def show_order(self, order: dict[str, Any], token: str | None = None) -> httpx.Response:
        return await self.client.get(
            f"{self.path}/orders/{order['id']}", headers=bearing(token or order["token"])
        )


@dataclass
class Office:
    """Staff of one organization, with its API key."""

    client: httpx.AsyncClient
    organization: Organization

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {} if body is None else {"json": body}
        return await self.client.request(
            method, f"/api/v1{path}", headers={**self.organization.staff, **named}, **content
        )

    async def make(self, path: str, **body: object) -> dict[str, Any]:
        return taken(await self.ask("POST", path, body), 201)

    async def create(self, **changes: object) -> httpx.Response:
        return await self.ask("POST", "/events", event_body(**changes))

    async def event(self, **changes: object) -> dict[str, Any]:
        return taken(await self.create(**changes), 201)

    async def show(self, event_id: object) -> dict[str, Any]:
        return taken(await self.ask("GET", f"/events/{event_id}"))

    async def edit(self, event_id: object, change: object, **headers: str) -> httpx.Response:
        return await self.ask("PATCH", f"/events/{event_id}", change, **headers)

    async def add_type(self, event_id: object, **changes: object) -> httpx.Response:
        return await self.ask("POST", f"/events/{event_id}/ticket-types", type_body(**changes))

    async def type(self, event_id: object, **changes: object) -> dict[str, Any]:
        return taken(await self.add_type(event_id, **changes), 201)

    async def edit_type(self, kind: dict[str, Any], change: object, **headers: str) -> httpx.Response:
        return await self.ask(
            "PATCH", f"/events/{kind['eventId']}/ticket-types/{kind['id']}", change, **headers
        )


def event_body(**changes: object) -> dict[str, object]:
    """The least an event needs, far in the future; a change of None leaves the field out."""
    body = {
        "title": "An evening", "description": "<p>Words.</p>", "category": "Music", "startDate": "2031-06-11",
        "endDate": "2031-06-11", "startTime": "19:00", "endTime": "22:00", "timeZone": "Europe/Berlin", **changes,
    }  # fmt: skip
    return {name: value for name, value in body.items() if value is not None}


def type_body(**changes: object) -> dict[str, object]:
    body = {"name": "Seat", "quantity": 10, "price": 1000, **changes}
    return {name: value for name, value in body.items() if value is not None}


def wire(name: str) -> str:
    return re.sub(r"_([a-z])", lambda hit: hit[1].upper(), name)
