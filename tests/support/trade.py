"""An organization that trades: buyers, staff, a card-like provider and the sweeper in one process, under a clock that can be moved."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from foyer.domains.carts import CartEdit, EditAsk, ReserveAsk, regular_lines
from foyer.domains.carts.types import Cart, WantedLine
from foyer.domains.checkout import (
    Desks,
    audit,
    begin_payment,
    begin_refund,
    cancel_order,
    follow_up,
    mark_paid,
    perform_refund,
    place_ask,
    sweep,
)
from foyer.domains.checkout.types import Difference, Placed, WantedRefund
from foyer.domains.customers.types import Customer
from foyer.domains.events import add_ticket_type, create_discount, create_event, create_pool, publish_event
from foyer.domains.events.types import (
    Discount,
    DiscountDraft,
    EventStaff,
    SharedPool,
    SharedPoolDraft,
    TicketTypeDraft,
)
from foyer.domains.orders import find_order
from foyer.domains.orders.types import CancelReason, Order
from foyer.domains.payments import PROVIDERS, Provider
from foyer.domains.payments.types import PaymentState, RefundState
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Database
from foyer.kernel.ids import uuid7
from tests.support.sandbox import SandboxProvider
from tests.support.world import KEYRING, Organization, event_draft, make_organization


@dataclass
class Trade:
    """Everything that buyers, staff and time can do in one organization, each in a transaction of its own."""

    database: Database
    desks: Desks
    organization: Organization
    sandbox: SandboxProvider
    providers: Mapping[str, Provider]

    @property
    def id(self) -> UUID:
        return self.organization.id

    def counter(self, event_id: UUID) -> Counter:
        return Counter(self.id, event_id)

    # Time.

    async def now(self) -> datetime:
        async with self.database.read(self.id) as tx:
            return await tx.now()

    def jump(self, span: timedelta) -> None:
        self.database.clock_offset += span

    async def sweep(self) -> int:
        return await sweep(self.database, self.providers)

    # What is sold.

    async def event(self, *types: TicketTypeDraft, **changes: object) -> EventStaff:
        owner = self.organization.owner
        async with self.database.write(self.id) as tx:
            event = await create_event(tx, event_draft(**changes), actor=owner)
            for kind in types:
                await add_ticket_type(tx, event.id, kind, actor=self.organization.owner)
            return (await publish_event(tx, event.id, actor=owner))[0]

    async def shared_pool(self, event: EventStaff, name: str, capacity: int, *types: UUID) -> SharedPool:
        draft = SharedPoolDraft(name=name, capacity=capacity, ticket_type_ids=list(types))
        async with self.database.write(self.id) as tx:
            return await create_pool(tx, event.id, draft, actor=self.organization.owner)

    async def discount(self, code: str, **terms: object) -> Discount:
        async with self.database.write(self.id) as tx:
            return await create_discount(tx, DiscountDraft(code=code, **terms), actor=self.organization.owner)  # type: ignore[arg-type]

    # Buyers.

    async def reserve(self, event_id: UUID, wanted: Mapping[UUID, int]) -> Cart:
        lines = regular_lines(
            [WantedLine(ticket_type_id=kind, quantity=count) for kind, count in wanted.items()]
        )
        ask = ReserveAsk(uuid7(), None, KEYRING.new_session(), lines, None)
        return (await self.desks.reserve.ask(self.counter(event_id), ask)).cart

    async def edit(
        self, event_id: UUID, cart_id: UUID, wanted: Mapping[UUID, int] | None = None, **edit: object
    ) -> Cart:
        lines = ()
        if wanted:
            chosen = [WantedLine(ticket_type_id=kind, quantity=count) for kind, count in wanted.items()]
            lines = regular_lines(chosen, least=0)
        return await self.desks.edit.ask(self.counter(event_id), EditAsk(cart_id, CartEdit(lines, **edit)))  # type: ignore[arg-type]

    async def place(
        self, event_id: UUID, cart_id: UUID, email: str, method: str, *, expected_total: int | None = None
    ) -> Placed:
        customer = Customer(email=email, first_name="Jo", last_name="Buyer")
        ask = place_ask(
            cart_id, customer, [], method, known_methods=self.providers, expected_total=expected_total
        )
        return await self.desks.place.ask(self.counter(event_id), ask)

    async def buy(self, event: EventStaff, wanted: Mapping[UUID, int], email: str, method: str) -> Order:
        """Reserve and place at once; a payment elsewhere is begun."""
        cart = await self.reserve(event.id, wanted)
        order = (await self.place(event.id, cart.id, email, method)).order
        if method in self.providers and self.providers[method].capabilities.is_remote:
            await self.begin_payment(order.id)
        return order

    # Money.

    async def begin_payment(self, order_id: UUID) -> PaymentState | None:
        return await begin_payment(self.desks.till, self.id, order_id)

    async def follow_up(self, order_id: UUID, attempt_id: UUID) -> PaymentState | None:
        return await follow_up(self.desks.till, self.id, order_id, attempt_id)

    async def pay(self, order_id: UUID) -> None:
        """The buyer pays at the provider, which calls us."""
        (charge,) = [one for one in self.sandbox.charges.values() if one.intent.order_id == order_id]
        self.sandbox.pay(charge.reference)
        await self.follow_up(order_id, charge.intent.key)

    async def mark_paid(self, order_id: UUID) -> None:
        await mark_paid(self.desks.till, self.id, order_id, actor=self.organization.owner)

    async def begin_refund(self, order_id: UUID, wanted: Sequence[WantedRefund] | None = None) -> UUID:
        async with self.database.write(self.id) as tx:
            return await begin_refund(tx, order_id, wanted, actor=self.organization.owner, reason=None)

    async def perform_refund(self, order_id: UUID) -> RefundState | None:
        return await perform_refund(self.desks.till, self.id, order_id)

    async def refund(self, order_id: UUID, *wanted: tuple[UUID, int]) -> None:
        """Give back so many tickets of these lines, or, with none named, all that is left."""
        parts = [WantedRefund(order_item_id=line, quantity=count) for line, count in wanted]
        await self.begin_refund(order_id, parts or None)
        await self.perform_refund(order_id)

    # Endings.

    async def cancel(self, order_id: UUID, reason: CancelReason = CancelReason.STAFF) -> None:
        async with self.database.write(self.id) as tx:
            await cancel_order(tx, order_id, actor=self.organization.owner, reason=reason)

    async def order(self, order_id: UUID) -> Order:
        async with self.database.read(self.id) as tx:
            found = await find_order(tx, order_id)
        assert found is not None, "there is such an order"
        return found

    async def audit(self) -> list[Difference]:
        async with self.database.snapshot(self.id) as connection:
            return [one async for one in audit(connection, self.id)]


@asynccontextmanager
async def trading(
    url: str,
    *,
    clock_offset: timedelta = timedelta(),
    behind: Callable[[Provider], Provider] = lambda provider: provider,
    database: type[Database] = Database,
    max_batch: int = 256,
) -> AsyncIterator[Trade]:
    """A new organization with desks of its own; `behind` puts something between us and each provider."""
    opened = database(url, pool_size=4, clock_offset=clock_offset)
    sandbox = SandboxProvider()
    providers = {name: behind(one) for name, one in {**PROVIDERS, sandbox.name: sandbox}.items()}
    desks = Desks(opened, KEYRING, max_batch=max_batch, providers=providers)
    try:
        yield Trade(opened, desks, await make_organization(opened), sandbox, providers)
    finally:
        await desks.close()


__all__ = ["Trade", "trading"]
