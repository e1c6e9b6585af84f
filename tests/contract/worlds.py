"""An organization with something of everything, and the hand that puts its ids where requests have made some up."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import httpx
from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

from foyer.domains.customers import link_customers
from foyer.domains.customers.types import Customer
from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.domains.orders import issue_invoice
from foyer.infra.db.engine import Database
from tests.api.asking import Office, Shop, taken
from tests.support.pictures import picture
from tests.support.waiting import in_line, not_yet, reminded
from tests.support.world import (
    KEYRING,
    Organization,
    buyer_code,
    buyer_signed_in,
    make_event,
    make_organization,
    take_money,
)

Known = TypeVar("Known")
CARTS = 60
AT_ONCE = 8
ORDERS = 6
PLANS = 6
SESSIONS = 5
CODES = 40
KINDS = (
    TicketTypeDraft(name="Free", quantity=2_000, is_free=True, max_per_order=20),
    TicketTypeDraft(name="Small", quantity=5, is_free=True),
    TicketTypeDraft(name="Seat", quantity=500, price=1_050),
    TicketTypeDraft(name="Board", quantity=500, price=2_500, requires_approval=True),
)
HOLDERS = {
    "cart_id": "cart", "order_id": "order", "ticket_id": "ticket", "waiting_id": "waiting", "reminder_id": "reminder",
}  # fmt: skip


def nobody(_case: Case) -> None:
    """Who has no credential."""


@dataclass
class World:
    """Who asks, and for what."""

    organization: Organization
    rows: list[dict[str, str]]
    """What exists, by the names of path parameters; one row goes together."""
    sent: dict[str, list[str]]
    """What exists, by the names of fields in bodies, however deep."""
    spared: int = 5
    """One request of so many keeps the ids that it has made up."""
    buyers: list[str] = field(default_factory=list)
    """Tokens of buyers who are signed in."""
    codes: list[dict[str, str]] = field(default_factory=list)
    """Codes that were sent, with where to; each works once."""
    tickets: dict[str, str] = field(default_factory=dict)
    """One ticket of each order that has some."""
    wanted: dict[str, str] = field(default_factory=dict)
    """Of what there is too little, so that one can wait for it."""
    awaited: dict[str, str] = field(default_factory=dict)
    """What is not on sale yet, so that one can be reminded of it."""
    turn: int = 0

    def credential(self, case: Case) -> str | None:
        """What the route's own declaration asks for; a holder's token fits the id that is sent."""
        wanted = _schemes(case)
        if "doorDevice" in wanted:
            return self.organization.device_key
        if "staffKey" in wanted:
            return self.organization.api_key
        return self._token(case) if "holderToken" in wanted else None

    def _token(self, case: Case) -> str:
        if "/account/" in case.path:
            return self._one_of(self.buyers)
        for name, kind in HOLDERS.items():
            try:
                held = UUID(str(case.path_parameters.get(name, "")))
            except ValueError:
                continue
            if kind == "cart":
                return KEYRING.cart_token(self.organization.id, UUID(self.sent["eventId"][0]), held)
            return KEYRING.holder_token(kind, self.organization.id, held)
        return "fyc_nobody"

    def furnish(self, case: Case) -> Case:
        """Put ids that exist into most requests, but leave alone what is meant to be wrong or follows from an answer."""
        meta = case.meta
        assert meta is not None
        self.turn += 1
        is_real = self.turn % self.spared > 0
        is_wrong = any(meta.is_negative_at(place) for place in ParameterLocation)
        is_chained = meta.phase.name is TestPhase.STATEFUL
        if is_real and not meta.is_negative_at(ParameterLocation.PATH):
            rows = [row for row in self.rows if set(case.path_parameters) <= set(row)]
            if is_chained:
                rows = [{"slug": self.organization.slug}]
            if rows:
                case.path_parameters |= {
                    name: value for name, value in self._one_of(rows).items() if name in case.path_parameters
                }
        if is_real and not is_chained and not meta.is_negative_at(ParameterLocation.BODY):
            if case.path.endswith("/account/sessions") and self.codes and not is_wrong:
                case.body = self.codes.pop()
            elif (asked := self._asked_for(case.path)) and not is_wrong:
                case.body = {**case.body, **asked, "email": f"waits{self.turn}@example.org"}
            elif case.path.endswith("/attendees") and case.path_parameters["order_id"] in self.tickets:
                case.body = {"items": [{"ticketId": self.tickets[case.path_parameters["order_id"]]}]}
            elif case.media_type in {None, "application/json"}:
                case.body = self._furnished(case.body)
            else:
                case.body = picture()
        if is_real and not meta.is_negative_at(ParameterLocation.HEADER):
            sent = {"If-Match": "*", "Idempotency-Key": f"a key that nobody guesses {self.turn}"}
            case.headers.update({name: value for name, value in sent.items() if name in case.headers})
        if case.path.endswith("/live"):  # nobody here waits for the end of a stream
            is_odd = meta.is_negative_at(ParameterLocation.QUERY)
            case.query = {"seconds": 0, **case.query} if is_odd else {"seconds": 0}
        if case._has_explicit_auth and "holderToken" in _schemes(case):
            case.headers["Authorization"] = f"Bearer {self._token(case)}"
        return case

    def _asked_for(self, path: str) -> dict[str, Any] | None:
        """What somebody can wait for, or be reminded of, where this asks for it."""
        return {
            "/api/v1/shops/{slug}/waiting-list": {**self.wanted, "quantity": 2},
            "/api/v1/shops/{slug}/sale-reminders": self.awaited,
        }.get(path)

    def _furnished(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._furnished(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {
            name: self._one_of(self.sent[name])
            if isinstance(inner, str) and name in self.sent and (name != "code" or "eventId" in value)
            else self._furnished(inner)
            for name, inner in value.items()
        }

    def _one_of(self, known: list[Known]) -> Known:
        """Another one each turn, in strides, so that a few requests meet something of each kind."""
        return known[(self.turn * 7 + self.turn // 7) % len(known)]


def _schemes(case: Case) -> set[str]:
    return {name for one in case.operation.definition.raw["security"] for name in one}


async def make_world(database: Database, client: httpx.AsyncClient) -> World:
    organization = await make_organization(database)
    shown = await make_event(database, organization, *KINDS)
    plans = [await make_event(database, organization, publish=place % 2 == 0) for place in range(PLANS)]
    office = Office(client, organization)
    sold = await _sold(Shop(client, organization), shown)
    buyers = await _settled(office, sold.orders)
    money = [await take_money(database, organization, order["id"]) for order in sold.orders[:ORDERS]]
    shop = {"slug": organization.slug}
    waits = await in_line(database, organization)
    rows = [
        *({**shop, "event": event} for event in (str(shown.id), shown.slug)),
        *({**shop, "cart_id": cart["id"]} for cart in sold.carts),
        *({**shop, "order_id": order["id"]} for order in sold.orders),
        *({**shop, "ticket_id": one["id"]} for order in sold.orders for one in order["tickets"]),
        *({"ticket_id": ticket["id"]} for order in sold.orders for ticket in order["tickets"]),
        *await _invoiced(database, organization, sold.orders),
        *({"transaction_id": str(transaction_id)} for transaction_id in money),
        *({"customer_id": customer_id} for customer_id in buyers),
        {**shop, "waiting_id": str(waits.id)},
        {**shop, "reminder_id": str(await reminded(database, organization))},
        *await _owned(office, plans),
    ]
    link = taken(await office.ask("POST", f"/events/{shown.id}/access-links", {"name": "Press"}), 201)
    sent = {
        "accessKey": [link["secret"]],
        "eventId": [str(shown.id)],
        "ticketTypeId": [str(kind.id) for kind in shown.ticket_types],
        "code": [ticket["code"] for order in sold.orders for ticket in order["tickets"]],
        "discountCode": ["CODE0", "CODE1"],
    }
    addresses = [f"buyer{place}@example.org" for place in range(ORDERS)]
    tokens = [await buyer_signed_in(database, organization, email) for email in addresses * SESSIONS]
    tickets = {order["id"]: one["id"] for order in sold.orders for one in order["tickets"]}
    codes = await _coded(database, organization)
    wanted = {"eventId": str(waits.event_id), "ticketTypeId": str(waits.ticket_type_id)}
    opening = await not_yet(database, organization)
    awaited = {"eventId": str(opening.id), "ticketTypeId": str(opening.ticket_types[0].id)}
    return World(
        organization, rows, sent, buyers=tokens, codes=codes, tickets=tickets, wanted=wanted, awaited=awaited
    )


async def _coded(database: Database, organization: Organization) -> list[dict[str, str]]:
    """Codes as buyers type them, each of a buyer of its own: one that is used takes the others of its address with it."""
    people = [Customer(email=f"coded{place}@example.org") for place in range(CODES)]
    async with database.write(organization.id) as tx:
        await link_customers(await tx.desk(), organization.id, people)
    return [
        {"email": one.email, "code": await buyer_code(database, organization, one.email)} for one in people
    ]


async def _invoiced(
    database: Database, organization: Organization, orders: list[dict[str, Any]]
) -> list[dict[str, str]]:
    """Invoices of some orders, as a worker issues them."""
    rows = []
    for order in [one for one in orders if one["total"]][-ORDERS:]:
        async with database.write(organization.id) as tx:
            invoice_id = await issue_invoice(tx, UUID(order["id"]))
        rows.append({"order_id": order["id"], "invoice_id": str(invoice_id)})
    return rows


@dataclass(frozen=True)
class Sold:
    carts: list[dict[str, Any]]
    orders: list[dict[str, Any]]


async def _sold(shop: Shop, event: EventStaff) -> Sold:
    """Carts, and orders in every state in which something can be done with one."""
    free, _, seat, board = (kind.id for kind in event.ticket_types)
    wanted: list[tuple[UUID, dict[str, object]]] = [(free, {})] * ORDERS
    wanted += [(kind, {"paymentMethod": "manual"}) for kind in (seat, board, board) for _ in range(ORDERS)]
    buyers = [{"email": f"buyer{place}@example.org"} for place in range(ORDERS)]
    wanted += [(seat, {"paymentMethod": "manual", "customer": buyer}) for buyer in buyers]
    carts, orders = [], []
    for start in range(0, CARTS, AT_ONCE):
        carts += await asyncio.gather(*(shop.cart(event) for _ in range(start, min(CARTS, start + AT_ONCE))))
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        orders += await asyncio.gather(*(shop.order(event, (kind, 1), **changes) for kind, changes in some))
    return Sold(carts, orders)


async def _settled(office: Office, orders: list[dict[str, Any]]) -> list[str]:
    """Let the last orders be paid; returns their buyers, who have nothing else on order."""
    paid = [taken(await office.ask("POST", f"/orders/{order['id']}/payment")) for order in orders[-ORDERS:]]
    return [order["customerId"] for order in paid]


async def _owned(office: Office, plans: list[EventStaff]) -> list[dict[str, str]]:
    """What staff have made, a few of each, for some of it will be deleted."""
    rows = []
    for place, plan in enumerate(plans):
        row = {"event_id": str(plan.id), "type_id": str(plan.ticket_types[0].id)}
        for name, path, body in (
            ("pool_id", f"/events/{plan.id}/pools", {"name": "Hall", "capacity": 50}),
            ("link_id", f"/events/{plan.id}/access-links", {"name": "Press"}),
            ("question_id", f"/events/{plan.id}/questions", {"label": "Which song shall be played?"}),
            ("tax_rate_id", "/tax-rates", {"name": f"VAT {place}", "ratePercentage": 19, "inclusive": True}),
            ("discount_id", "/discounts", {"code": f"CODE{place}", "percentage": 10}),
        ):
            row[name] = taken(await office.ask("POST", path, body), 201)["id"]
        rows.append(row)
    return rows
