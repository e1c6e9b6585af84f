"""Orders as staff meet them: placed by buyers, paid by hand, and what each kind of member may do with them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from foyer.domains.checkout import audit, sweep
from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.domains.identity import add_user, issue_api_key
from foyer.domains.identity.types import UserDraft
from foyer.infra.db.engine import Database
from tests.api.asking import CUSTOMER, Shop, bearing, taken
from tests.support.world import PASSWORD, Organization, make_event

PAID = (
    TicketTypeDraft(name="Stalls", quantity=20, price=2_450),
    TicketTypeDraft(name="Circle", quantity=20, price=999),
    TicketTypeDraft(name="Child", quantity=20, is_free=True),
)


@dataclass
class Till:
    """Staff of an organization that sells, with the key of one of them."""

    client: httpx.AsyncClient
    database: Database
    organization: Organization
    key: str

    @property
    def shop(self) -> Shop:
        return Shop(self.client, self.organization)

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {} if body is None else {"json": body}
        return await self.client.request(
            method, f"/api/v1{path}", headers={**bearing(self.key), **named}, **content
        )

    async def get(self, path: str, **query: object) -> httpx.Response:
        asked = {name: str(value) for name, value in query.items()} or None
        return await self.client.get(f"/api/v1{path}", params=asked, headers=bearing(self.key))

    async def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        return await self.ask("POST", path, body, **headers)

    async def event(self, *types: TicketTypeDraft, **changes: object) -> EventStaff:
        """An event with two paid types and a free one, on sale."""
        return await make_event(self.database, self.organization, *(types or PAID), **changes)

    async def order(self, event: EventStaff, *counts: int, **changes: object) -> dict[str, Any]:
        """An order by invoice of so many tickets of each type, in their order; it waits for its money, or a word."""
        wanted = [
            (kind.id, count) for kind, count in zip(event.ticket_types, counts or (1,), strict=False) if count
        ]
        cart = await self.shop.cart(event, *wanted)
        return taken(await self.shop.check_out(cart, **{"paymentMethod": "manual", **changes}), 201)

    async def paid(self, event: EventStaff, *counts: int, **changes: object) -> dict[str, Any]:
        """As `order`, and staff have said that the money is there."""
        order = await self.order(event, *counts, **changes)
        return taken(await self.post(f"/orders/{order['id']}/payment"))

    async def show(self, order: dict[str, Any]) -> dict[str, Any]:
        return taken(await self.get(f"/orders/{order['id']}"))

    async def refund(self, order: dict[str, Any], *counts: int, **more: object) -> httpx.Response:
        """Ask for so many tickets of each line to go back; without counts for all that is left."""
        items = [
            {"orderItemId": line["id"], "quantity": count}
            for line, count in zip(order["items"], counts, strict=False)
            if count
        ]
        return await self.post(
            f"/orders/{order['id']}/refunds", {**({"items": items} if counts else {}), **more}
        )

    async def call_off(self, event: EventStaff) -> None:
        """Cancel an event, and clear up after it."""
        taken(await self.post(f"/events/{event.id}/cancellation"))
        await sweep(self.database)

    async def audit(self) -> list[str]:
        """Everything in which the books disagree."""
        async with self.database.batch(self.organization.id) as connection:
            found = audit(connection, self.organization.id)
            return [f"{one.check} {one.subject_id}: {one.expected}, not {one.found}" async for one in found]

    async def colleague(self, role: str) -> "Till":
        """The same house, with the key of somebody of another role."""
        async with self.database.write(self.organization.id) as tx:
            user_id = await add_user(
                tx, UserDraft(name=role, email=f"{role}@example.org", password=PASSWORD, role=role)
            )
            key = await issue_api_key(tx, user_id=user_id, name=role, scopes=["*"])
        return Till(self.client, self.database, self.organization, key.secret)


def buyer(**changes: object) -> dict[str, object]:
    return {**CUSTOMER, **changes}


JO = buyer(
    firstName="Wilhelmine",
    lastName="Quast",
    phone="040 12345",
    address={"line1": "Zwirnweg 1", "city": "Xanten", "country": "DE"},
    marketing=True,
)


async def pools_of(owner_sql: asyncpg.Connection, event: EventStaff) -> list[tuple[int, int]]:
    """Held and sold of the event's own pool, then of its types in their order."""
    query = "SELECT p.held, p.sold FROM pools p JOIN {} t ON t.organization_id = p.organization_id AND t.pool_id = p.id WHERE t.id = $1"
    found = [await owner_sql.fetchrow(query.format("events"), UUID(str(event.id)))]
    found += [await owner_sql.fetchrow(query.format("ticket_types"), kind.id) for kind in event.ticket_types]
    return [tuple(row) for row in found]


async def ticket_states(owner_sql: asyncpg.Connection, order: dict[str, Any]) -> dict[str, int]:
    rows = await owner_sql.fetch(
        "SELECT status, count(*) FROM tickets WHERE order_id = $1 GROUP BY status", UUID(order["id"])
    )
    return {row[0]: row[1] for row in rows}


async def customer_of(till, order):
    return (await till.show(order))["customerId"]


async def addresses(till, **query):
    page = taken(await till.get("/customers", **query))
    emails = [one["email"] for one in page["items"]]
    while page["nextCursor"]:
        page = taken(await till.get("/customers", **query, cursor=page["nextCursor"]))
        emails += [one["email"] for one in page["items"]]
    return emails


async def edit(till, customer_id, **change):
    return await till.ask("PATCH", f"/customers/{customer_id}", change)


async def erase(till, customer_id, **headers):
    return await till.post(f"/customers/{customer_id}/erasure", **headers)


async def agree(owner_sql, customer_id):
    """The buyer says yes to marketing, as only the buyer can."""
    await owner_sql.execute(
        "UPDATE customers SET marketing = true, marketing_at = foyer_now() WHERE id = $1", UUID(customer_id)
    )
