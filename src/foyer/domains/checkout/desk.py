"""The checkout desk: turns a batch of carts into orders with tickets."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec import structs

from foyer.domains.carts import ReserveAsk, Reserved, ReserveDesk, convert_carts, lock_carts
from foyer.domains.carts.types import Cart
from foyer.domains.checkout import rules
from foyer.domains.checkout.facts import OrderConfirmed
from foyer.domains.checkout.types import IssuedTicket, Placed, Placing, WantedAttendee
from foyer.domains.customers import link_customers, regular
from foyer.domains.customers.types import Customer
from foyer.domains.events import Sale, pools_drawn, read_sale, read_types
from foyer.domains.inventory import demand, lock_pools, move_places
from foyer.domains.inventory.types import Move
from foyer.domains.orders import NewOrder, insert_orders, orders_of_carts
from foyer.domains.orders.types import Order, OrderLine, OrderStatus, PaymentStatus
from foyer.domains.organizations import ShopWindow
from foyer.domains.tickets import DoorDesk, NewTicket, ScanAsk, Signer, issue_tickets, issued_tickets
from foyer.domains.tickets.types import Attendee, CheckIn
from foyer.infra.batching import ChangedMeanwhileError, Clerk, Counter
from foyer.infra.crypto import Keyring
from foyer.infra.db.engine import Connection, Database
from foyer.infra.outbox import publish_many
from foyer.kernel.actor import visitor
from foyer.kernel.errors import FoyerError, Invalid, NotFound
from foyer.kernel.ids import order_number, ticket_code, uuid7
from foyer.kernel.text import email_key


class PlaceAsk(NamedTuple):
    """A cart to be turned into a free order."""

    cart_id: UUID
    order_id: UUID
    placing: Placing


def place_ask(
    cart_id: UUID, customer: Customer, attendees: Sequence[WantedAttendee], payment_method: str
) -> PlaceAsk:
    """What a buyer said at checkout, tidied, ready for the desk.

    Raises:
        Invalid: naming every field that cannot be taken.
    """
    buyer, found = regular(customer)
    people = rules.regular_attendees(attendees, found)
    found += rules.odd_method(payment_method)
    if found:
        raise Invalid.of(found)
    return PlaceAsk(cart_id, uuid7(), Placing(buyer, people, payment_method))


class _Draft(NamedTuple):
    order: Order
    cart: Cart
    tickets: list[NewTicket]


class PlaceDesk:
    """Places free orders of one event. A cart that is an order already answers with that order."""

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[PlaceAsk]
    ) -> list[Placed | FoyerError]:
        carts = await lock_carts(connection, counter, {ask.cart_id for ask in asks})
        sale = await read_sale(connection, counter)
        held = {item.ticket_type_id for cart in carts.values() for item in cart.items}
        types = await read_types(connection, counter, held)
        standing = await _standing(connection, counter, [ask.cart_id for ask in asks])
        answers: dict[UUID, Placed | FoyerError] = {}
        drafts: list[_Draft] = []
        drafted: dict[UUID, _Draft] = {}
        for ask in asks:
            if ask.cart_id in standing or ask.cart_id in drafted:
                continue
            cart = carts.get(ask.cart_id)
            if cart is None or sale is None:
                answers[ask.order_id] = NotFound("There is no such cart.")
                continue
            if (refused := rules.refusal(cart, ask.placing, sale.terms, types, sale.now)) is not None:
                answers[ask.order_id] = refused
                continue
            drafted[ask.cart_id] = draft = _draft(ask, cart, sale)
            drafts.append(draft)
        if drafts and sale is not None:
            await _write(connection, counter, drafts, sale)
        placed = standing | {cart_id: _placed(draft) for cart_id, draft in drafted.items()}
        firsts: set[UUID] = set(standing)
        for ask in asks:
            if ask.order_id in answers:
                continue
            one = placed[ask.cart_id]
            answers[ask.order_id] = one._replace(is_new=ask.cart_id not in firsts)
            firsts.add(ask.cart_id)
        return [answers[ask.order_id] for ask in asks]

    async def recall(
        self, connection: Connection, counter: Counter, asks: Sequence[PlaceAsk]
    ) -> list[Placed | None]:
        standing = await _standing(connection, counter, [ask.cart_id for ask in asks])
        found = [standing.get(ask.cart_id) for ask in asks]
        return [
            one and one._replace(is_new=one.order.id == ask.order_id)
            for ask, one in zip(asks, found, strict=True)
        ]


async def _standing(connection: Connection, counter: Counter, carts: Sequence[UUID]) -> dict[UUID, Placed]:
    """Orders that these carts have become before."""
    orders = await orders_of_carts(connection, counter, carts)
    if not orders:
        return {}
    tickets = await issued_tickets(
        connection, counter.organization_id, [order.id for order in orders.values()]
    )
    return {
        cart_id: Placed(order, [_issued(ticket) for ticket in tickets[order.id]], is_new=False)
        for cart_id, order in orders.items()
    }


def _draft(ask: PlaceAsk, cart: Cart, sale: Sale) -> _Draft:
    lines = [
        OrderLine(**{**structs.asdict(item), "id": uuid7()})
        for item in cart.items
    ]  # fmt: skip
    order = Order(
        id=ask.order_id,
        event_id=cart.event_id,
        cart_id=cart.id,
        order_number=order_number(),
        customer=ask.placing.customer,
        items=lines,
        subtotal=cart.subtotal,
        discount_amount=cart.discount_amount,
        fees=cart.fees,
        taxes=cart.taxes,
        total=cart.total,
        currency=cart.currency,
        status=OrderStatus.CONFIRMED,
        payment_method=ask.placing.payment_method,
        payment_status=PaymentStatus.PAID,
        refunded_amount=0,
        created_at=sale.now,
        updated_at=sale.now,
        generation=1,
    )
    people = {type_id: iter(named) for type_id, named in ask.placing.attendees.items()}
    buyer = ask.placing.customer
    default = Attendee(
        first_name=buyer.first_name, last_name=buyer.last_name, email=buyer.email, phone=buyer.phone
    )
    tickets = [
        NewTicket(
            id=uuid7(),
            ticket_type_id=item.ticket_type_id,
            order_id=order.id,
            order_item_id=line.id,
            code=ticket_code(),
            attendee=next(people.get(item.ticket_type_id, iter(())), default),
        )
        for item, line in zip(cart.items, lines, strict=True)
        for _ in range(line.quantity)
    ]
    return _Draft(order, cart, tickets)


async def _write(connection: Connection, counter: Counter, drafts: Sequence[_Draft], sale: Sale) -> None:
    """Customers, then pools, in the order in which every transaction locks; then everything that follows from them."""
    customers = await link_customers(
        connection, counter.organization_id, [draft.order.customer for draft in drafts]
    )
    held = [(item.ticket_type_id, item.quantity) for draft in drafts for item in draft.cart.items]
    drawn = await pools_drawn(connection, counter, {type_id for type_id, _ in held})
    await lock_pools(
        connection, counter.organization_id, {pool for pools in drawn.values() for pool in pools}
    )
    under_lock = await read_sale(connection, counter)
    if under_lock is None or under_lock.terms.status is not sale.terms.status:
        raise ChangedMeanwhileError
    buyers = {draft.cart.id: customers[email_key(draft.order.customer.email)] for draft in drafts}
    new = [
        NewOrder(draft.order, buyers[draft.cart.id], tuple(item.id for item in draft.cart.items))
        for draft in drafts
    ]
    await insert_orders(connection, counter, new, now=sale.now)
    tickets = [ticket for draft in drafts for ticket in draft.tickets]
    await issue_tickets(connection, counter, tickets, now=sale.now)
    await convert_carts(connection, counter, buyers)
    places = demand(held, drawn)
    moves = [Move(pool, held=-count, sold=count) for pool, count in places.items()]
    await move_places(connection, counter.organization_id, moves)
    buyer = visitor(counter.organization_id)
    stated = [(buyer, OrderConfirmed(order_id=draft.order.id, event_id=counter.event_id)) for draft in drafts]
    await publish_many(connection, counter.organization_id, stated)


def _placed(draft: _Draft) -> Placed:
    return Placed(draft.order, [_issued(ticket) for ticket in draft.tickets], is_new=True)


def _issued(ticket: NewTicket) -> IssuedTicket:
    return IssuedTicket(
        ticket.id, ticket.ticket_type_id, ticket.code, ticket.attendee, ticket.status, ticket.generation
    )


class Desks:
    """Everything that serves buyers and doors, opened once in each process."""

    def __init__(self, database: Database, keyring: Keyring, *, max_batch: int) -> None:
        self.database = database
        self.keyring = keyring
        self.signer = Signer(keyring)
        self.window = ShopWindow(database)
        self.reserve: Clerk[ReserveAsk, Reserved] = Clerk("reserve", database, ReserveDesk(), max_batch)
        self.place: Clerk[PlaceAsk, Placed] = Clerk("place", database, PlaceDesk(), max_batch)
        self.door: Clerk[ScanAsk, CheckIn] = Clerk("door", database, DoorDesk(), max_batch)

    async def close(self) -> None:
        """Answer what is queued, then let go of the database."""
        await asyncio.gather(self.reserve.close(), self.place.close(), self.door.close())
        await self.database.close()
