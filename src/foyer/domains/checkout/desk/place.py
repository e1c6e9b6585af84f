"""The checkout desk: turns a batch of carts into orders, with tickets where nothing is left to be paid or decided."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from msgspec import structs

from foyer.domains.carts import (
    Use,
    behind,
    code_off,
    convert_carts,
    lock_carts,
    raise_uses,
    repriced,
    rewrite_carts,
)
from foyer.domains.carts.errors import no_cart
from foyer.domains.carts.types import Cart
from foyer.domains.checkout import rules
from foyer.domains.checkout.desk.answers import answers_to, ticket_answers
from foyer.domains.checkout.desk.settle import attendees_json, taken_by, tickets_for
from foyer.domains.checkout.facts import OrderConfirmed, OrderFact, OrderPlaced
from foyer.domains.checkout.types import (
    GivenAnswers,
    IssuedTicket,
    Placed,
    Placing,
    WantedAttendee,
)
from foyer.domains.customers import link_customers, regular
from foyer.domains.customers.types import Customer
from foyer.domains.events import Sale, read_discounts, read_questions, read_sale, read_types
from foyer.domains.events.types import AnswerValue, QuestionPublic, TypeTerms
from foyer.domains.inventory import lock_pools, move_places
from foyer.domains.inventory.types import Move
from foyer.domains.orders import NewOrder, insert_orders, orders_of_carts
from foyer.domains.orders.types import (
    Approval,
    ApprovalStatus,
    GivenAnswer,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
)
from foyer.domains.payments import Provider, open_attempts
from foyer.domains.payments.types import AttemptStatus, NewAttempt
from foyer.domains.tickets import NewTicket, issue_tickets, issued_tickets, regular_attendee
from foyer.domains.tickets.types import Attendee
from foyer.infra.batching import ChangedMeanwhileError, Counter
from foyer.infra.db.engine import Connection
from foyer.infra.outbox import publish_many
from foyer.kernel.actor import Actor, visitor
from foyer.kernel.errors import CodeExhausted, Finding, FoyerError, Invalid
from foyer.kernel.ids import order_number, uuid7
from foyer.kernel.language import said
from foyer.kernel.money import show
from foyer.kernel.text import email_key


class PlaceAsk(NamedTuple):
    """A cart to be turned into an order."""

    cart_id: UUID
    order_id: UUID
    placing: Placing

    def answering(self, answers: Mapping[UUID, AnswerValue]) -> "PlaceAsk":
        """The same with what was answered for the order; what was answered for a ticket stands with its attendee."""
        given = self.placing.answers._replace(order=dict(answers))
        return self._replace(placing=self.placing._replace(answers=given))


def place_ask(
    cart_id: UUID,
    customer: Customer,
    attendees: Sequence[WantedAttendee],
    payment_method: str,
    *,
    known_methods: Collection[str],
    expected_total: int | None = None,
    language: str | None = None,
) -> PlaceAsk:
    """What a buyer said at checkout, tidied, ready for the desk.

    Raises:
        Invalid: naming every field that cannot be taken.
    """
    buyer, found = regular(customer)
    people = _regular_people(attendees, found)
    found += rules.odd_method(payment_method, known_methods)
    if found:
        raise Invalid.of(found)
    given = GivenAnswers({}, ticket_answers(attendees))
    return PlaceAsk(cart_id, uuid7(), Placing(buyer, people, payment_method, expected_total, language, given))


def _regular_people(attendees: Sequence[WantedAttendee], found: list[Finding]) -> dict[UUID, list[Attendee]]:
    """Who comes, by ticket type, tidied; what is wrong is added to `found`."""
    if len(attendees) > rules.ATTENDEES_MAX:
        found.append(Finding("attendees", said("Name at most %(most)s people.", most=rules.ATTENDEES_MAX)))
    by_type: dict[UUID, list[Attendee]] = {}
    for place, wanted in enumerate(attendees[: rules.ATTENDEES_MAX]):
        named = Attendee(**{field: getattr(wanted, field) for field in Attendee.__struct_fields__})
        person, odd = regular_attendee(named, f"attendees[{place}]")
        by_type.setdefault(wanted.ticket_type_id, []).append(person)
        found += odd
    return by_type


class _Draft(NamedTuple):
    order: Order
    cart: Cart
    tickets: list[NewTicket]
    attendees: bytes | None
    language: str | None
    answers: list[GivenAnswer]


class PlaceDesk:
    """Places orders of one event. A cart that is an order already answers with that order."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        self._providers = providers
        self._asking: set[Counter] = set()
        """Events that were found to ask their buyers something; of all others nobody reads the questions."""

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[PlaceAsk]
    ) -> list[Placed | FoyerError]:
        carts = await lock_carts(connection, counter, {ask.cart_id for ask in asks})
        sale = await read_sale(connection, counter)
        held = {item.ticket_type_id for cart in carts.values() for item in cart.items}
        types = await read_types(connection, counter, held)
        standing = await _standing(connection, counter, [ask.cart_id for ask in asks])
        questions = await self._questions(connection, counter, asks)
        answers: dict[UUID, Placed | FoyerError] = {}
        drafted: dict[UUID, _Draft] = {}
        for ask in asks:
            if ask.cart_id in standing or ask.cart_id in drafted:
                continue
            cart = carts.get(ask.cart_id)
            if cart is None or sale is None:
                answers[ask.order_id] = no_cart()
            elif (refused := rules.refusal(cart, ask.placing, sale.terms, types, sale.now)) is not None:
                answers[ask.order_id] = refused
            else:
                draft, odd = _draft(ask, cart, sale, types, questions)
                if odd:
                    answers[ask.order_id] = Invalid.of(odd)
                else:
                    drafted[ask.cart_id] = draft
        struck: dict[UUID, FoyerError] = {}
        if drafted and sale is not None:
            struck = await self._write(connection, counter, list(drafted.values()), sale, types)
        placed = standing | {
            cart_id: _placed(draft) for cart_id, draft in drafted.items() if cart_id not in struck
        }
        firsts: set[UUID] = set(standing)
        for ask in asks:
            if ask.order_id in answers:
                continue
            if ask.cart_id in struck:
                answers[ask.order_id] = struck[ask.cart_id]
                continue
            answers[ask.order_id] = placed[ask.cart_id]._replace(is_new=ask.cart_id not in firsts)
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

    async def _questions(
        self, connection: Connection, counter: Counter, asks: Sequence[PlaceAsk]
    ) -> list[QuestionPublic]:
        """What the event asks, where it is known to, or somebody answers; an event that asks nothing costs no statement."""
        if counter not in self._asking and all(ask.placing.answers.are_none for ask in asks):
            return []
        found = await read_questions(connection, counter)
        if found:
            self._asking.add(counter)
        else:
            self._asking.discard(counter)
        return found

    async def _write(
        self,
        connection: Connection,
        counter: Counter,
        drafts: Sequence[_Draft],
        sale: Sale,
        types: Mapping[UUID, TypeTerms],
    ) -> dict[UUID, FoyerError]:
        """Customers, uses of codes, pools, in the order in which every transaction locks; then what follows from them.

        Returns:
            By cart, why a draft was not written after all: its code was used too often by this buyer, and is off now.
        """
        organization_id = counter.organization_id
        customers = await link_customers(
            connection, organization_id, [draft.order.customer for draft in drafts]
        )
        over = await _over_limit(connection, organization_id, drafts)
        kept = [draft for draft in drafts if draft.cart.id not in over]
        taken = taken_by(draft.order for draft in drafts)
        pools = await behind(connection, counter, taken)
        await lock_pools(connection, organization_id, pools.places(taken))
        under_lock = await read_sale(connection, counter)
        if under_lock is None or under_lock.terms.status is not sale.terms.status:
            raise ChangedMeanwhileError
        if kept:
            await self._insert(connection, counter, kept, customers, sale)
        sold = pools.places(
            taken_by(draft.order for draft in kept if draft.order.status is OrderStatus.CONFIRMED)
        )
        moves = [Move(pool, held=-count, sold=count) for pool, count in sold.items()]
        bare = {cart_id: _without_code(cart, sale, types) for cart_id, cart in over.items()}
        await rewrite_carts(connection, counter, list(bare.values()))
        moves += [Move(pools.codes[cart.discount_id], held=-1) for cart in over.values() if cart.discount_id]
        await move_places(connection, organization_id, moves)
        return {cart_id: _used_up(cart) for cart_id, cart in bare.items()}

    async def _insert(
        self,
        connection: Connection,
        counter: Counter,
        drafts: Sequence[_Draft],
        customers: Mapping[str, UUID],
        sale: Sale,
    ) -> None:
        buyers = {draft.cart.id: customers[email_key(draft.order.customer.email)] for draft in drafts}
        new = [
            NewOrder(
                draft.order,
                buyers[draft.cart.id],
                tuple(item.id for item in draft.cart.items),
                draft.attendees,
                draft.language,
                draft.answers,
            )
            for draft in drafts
        ]
        if await insert_orders(connection, counter, new, now=sale.now) and counter not in self._asking:
            self._asking.add(counter)
            raise ChangedMeanwhileError
        if tickets := [ticket for draft in drafts for ticket in draft.tickets]:
            await issue_tickets(connection, counter, tickets, now=sale.now)
        await convert_carts(connection, counter, buyers)
        if attempts := [self._attempt(draft.order) for draft in drafts if _awaits_money(draft.order)]:
            await open_attempts(connection, counter, attempts, now=sale.now)
        buyer = visitor(counter.organization_id)
        stated: list[tuple[Actor, OrderFact]] = [(buyer, _fact(draft.order)) for draft in drafts]
        await publish_many(connection, counter.organization_id, stated)

    def _attempt(self, order: Order) -> NewAttempt:
        return first_attempt(order, self._providers[order.payment_method])


def first_attempt(order: Order, provider: Provider) -> NewAttempt:
    """The try to have an order paid. Who is somewhere else has yet to be asked; who is here only has to be paid."""
    status = AttemptStatus.CREATED if provider.capabilities.is_remote else AttemptStatus.PENDING
    return NewAttempt(uuid7(), order.id, order.payment_method, order.total, order.currency, status)


def _awaits_money(order: Order) -> bool:
    return order.status is OrderStatus.PENDING and order.approval is None


def _fact(order: Order) -> OrderFact:
    if order.status is OrderStatus.CONFIRMED:
        return OrderConfirmed(order_id=order.id, event_id=order.event_id)
    return OrderPlaced(order_id=order.id, event_id=order.event_id, needs_approval=order.approval is not None)


async def _over_limit(
    connection: Connection, organization_id: UUID, drafts: Sequence[_Draft]
) -> dict[UUID, Cart]:
    """The carts whose buyers have used their code as often as they may; all other uses are counted."""
    coded = [draft for draft in drafts if draft.cart.discount_id is not None]
    if not coded:
        return {}
    ids = {draft.cart.discount_id for draft in coded if draft.cart.discount_id}
    limits = {
        code.id: code.uses_per_customer for code in await read_discounts(connection, organization_id, ids=ids)
    }
    uses = [
        Use(draft.cart.discount_id, email_key(draft.order.customer.email), limits[draft.cart.discount_id])
        for draft in coded if draft.cart.discount_id
    ]  # fmt: skip
    within = await raise_uses(connection, organization_id, uses)
    return {draft.cart.id: draft.cart for draft, fits in zip(coded, within, strict=True) if not fits}


def _without_code(cart: Cart, sale: Sale, types: Mapping[UUID, TypeTerms]) -> Cart:
    return structs.replace(repriced(cart, code_off(cart, sale.terms, types), None), updated_at=sale.now)


def _used_up(cart: Cart) -> CodeExhausted:
    sentence = said(
        "You have used this code as often as you can, so it came off. The total is %(amount)s now.",
        amount=partial(show, cart.total, cart.currency),
    )
    return CodeExhausted(sentence, field="discountCode")


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


def _draft(
    ask: PlaceAsk,
    cart: Cart,
    sale: Sale,
    types: Mapping[UUID, TypeTerms],
    questions: Sequence[QuestionPublic],
) -> tuple[_Draft, list[Finding]]:
    terms, placing = sale.terms, ask.placing
    needs_approval = any(types[item.ticket_type_id].requires_approval for item in cart.items)
    is_done = not cart.total and not needs_approval
    hours = terms.approval_hours if needs_approval else terms.manual_payment_hours
    order = Order(
        id=ask.order_id,
        event_id=cart.event_id,
        cart_id=cart.id,
        order_number=order_number(),
        customer=placing.customer,
        items=[OrderLine(**{**structs.asdict(item), "id": uuid7()}) for item in cart.items],
        subtotal=cart.subtotal,
        discount_amount=cart.discount_amount,
        fees=cart.fees,
        taxes=cart.taxes,
        tax_lines=cart.tax_lines,
        total=cart.total,
        currency=cart.currency,
        discount_id=cart.discount_id,
        discount_code=cart.discount_code,
        status=OrderStatus.CONFIRMED if is_done else OrderStatus.PENDING,
        payment_method=placing.payment_method if cart.total else rules.FREE,
        payment_status=PaymentStatus.PAID if is_done else PaymentStatus.PENDING,
        refunded_amount=0,
        cancel_reason=None,
        approval=_REQUESTED if needs_approval else None,
        expires_at=None if is_done else rules.deadline(terms, sale.now, hours),
        created_at=sale.now,
        updated_at=sale.now,
        generation=1,
        version=1,
    )
    answers, odd = answers_to(questions, placing.answers, order.items)
    tickets = tickets_for(order, placing.attendees) if is_done else []
    attendees = None if is_done else attendees_json(placing.attendees)
    return _Draft(order, cart, tickets, attendees, placing.language, answers), odd


_REQUESTED = Approval(status=ApprovalStatus.REQUESTED, decided_by=None, decided_at=None, reason=None)


def _placed(draft: _Draft) -> Placed:
    return Placed(draft.order, [_issued(ticket) for ticket in draft.tickets], is_new=True)


def _issued(ticket: NewTicket) -> IssuedTicket:
    return IssuedTicket(
        ticket.id, ticket.ticket_type_id, ticket.code, ticket.attendee, ticket.status, ticket.generation
    )
