"""What a mail says is read when it is written, not when it was wanted: what is no longer true is not sent."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple
from uuid import UUID

from foyer.domains.carts import cart as cart_by_id
from foyer.domains.carts import offer
from foyer.domains.carts.types import LEFT_CART, CartStatus
from foyer.domains.events import joining_link, on_sale
from foyer.domains.events.types import EventPublic, EventStatus, SaleState
from foyer.domains.identity import fresh_buyer_code, fresh_confirmation_link, fresh_reset_link
from foyer.domains.notifications import rules
from foyer.domains.notifications.documents.files import Wanted, credit_note_of, invoice_of
from foyer.domains.notifications.documents.page import Choice, MailPage, Row, TicketLine, WalletLink
from foyer.domains.notifications.documents.words import Words
from foyer.domains.notifications.types import MailKind, PendingMail
from foyer.domains.orders import find_order, orders_for_staff
from foyer.domains.orders.types import ApprovalStatus, CancelReason, Order, OrderFilter, OrderStatus
from foyer.domains.organizations import mail_terms, seller, shop
from foyer.domains.organizations.types import Shop
from foyer.domains.tickets import (
    Signer,
    event_calendar,
    held_ticket,
    link_generations,
    order_calendar,
    tickets_handed_to,
    tickets_of_order,
    transfer,
)
from foyer.domains.tickets.types import Ticket, TicketStatus
from foyer.domains.waiting import reminder, waiting
from foyer.domains.waiting.types import WaitingStatus
from foyer.infra.crypto import Keyring
from foyer.infra.db.tx import Tx
from foyer.infra.jobs import Tools
from foyer.infra.wallets import Wallet
from foyer.kernel.errors import NotFound

LISTED_MAX: Final = 20
WITH_TICKETS: Final = {MailKind.ORDER_CONFIRMED, MailKind.TICKET_RECEIVED}
WALLETS: Final = {Wallet.APPLE: "Apple Wallet", Wallet.GOOGLE: "Google Wallet"}
OVER: Final = {EventStatus.CANCELLED, EventStatus.COMPLETED}


class Gathered(NamedTuple):
    """A mail's page, and the files that are to come with it."""

    page: MailPage
    wanted: Wanted = Wanted()


class _Desk(NamedTuple):
    """What every mail is written with."""

    tx: Tx
    mail: PendingMail
    shop: Shop
    keyring: Keyring
    base_url: str
    wallets: Sequence[Wallet] = ()
    """What the tickets in this mail can be put into."""

    @property
    def about(self) -> UUID:
        assert self.mail.about is not None, "every kind of mail is about something"
        return self.mail.about

    @property
    def home(self) -> str:
        return f"{self.base_url}/{self.shop.slug}"

    @property
    def signer(self) -> Signer:
        return Signer(self.keyring)

    def page(self, event: EventPublic | None = None, **fields: object) -> MailPage:
        page = MailPage(self.shop, self.home, logo=_logo(self.shop, self.base_url), event=event)
        if event is not None:
            page = replace(page, event_link=f"{self.home}/events/{event.slug}", zone=event.time_zone)
        return replace(page, **fields)  # type: ignore[arg-type]

    def holder_link(self, kind: str, subject_id: UUID, generation: int) -> str:
        key = self.keyring.holder_token(kind, self.shop.id, subject_id, generation)
        return f"{self.home}/{kind}s/{subject_id}?key={key}"

    def line(self, ticket: Ticket, order: Order, generation: int | None) -> TicketLine | None:
        """A ticket as its holder has it; one that was handed on is somebody else's."""
        if ticket.code is None:
            return None
        names = {line.ticket_type_id: line.name for line in order.items}
        person = ticket.attendee_info
        holder = " ".join(name for name in (person.first_name, person.last_name) if name) if person else ""
        wallets = () if generation is None else self._wallet_links(ticket.id, generation)
        return TicketLine(names.get(ticket.ticket_type_id, ""), holder, ticket.code, wallets)

    def _wallet_links(self, ticket_id: UUID, generation: int) -> tuple[WalletLink, ...]:
        path, _, key = self.holder_link("ticket", ticket_id, generation).partition("?")
        return tuple(WalletLink(WALLETS[one], f"{path}/{one}-wallet?{key}") for one in self.wallets)


async def gather(tx: Tx, mail: PendingMail, tools: Tools) -> Gathered | None:
    """Everything a mail says; None where it is no longer true, or nobody is there any more to read it."""
    house = await shop(tx)
    if house is None:
        return None
    wallets = await tools.wallets.offered(await tx.now()) if mail.kind in WITH_TICKETS else ()
    desk = _Desk(tx, mail, house, tools.keyring, tools.settings.base_url, wallets)
    page = await _GATHERERS.get(mail.kind, _order)(desk)
    return None if page is None else Gathered(page, await _wanted(desk, page))


async def _wanted(desk: _Desk, page: MailPage) -> Wanted:
    """Which files belong to a mail of its kind."""
    kind, order, tx = desk.mail.kind, page.order, desk.tx
    if order is None:
        return Wanted()
    if kind in {MailKind.ORDER_PLACED, MailKind.ORDER_APPROVED}:
        return Wanted(order, papers=await invoice_of(tx, order))
    if kind is MailKind.ORDER_CONFIRMED:
        entry = await order_calendar(
            tx, order.id, order.event_id, address=page.link, language=desk.mail.language
        )
        papers = await invoice_of(tx, order)
        return Wanted(order, has_tickets=bool(page.tickets), papers=papers, calendar=entry)
    if kind is MailKind.TICKET_RECEIVED:
        entry = await event_calendar(tx, order.event_id, address=page.event_link, language=desk.mail.language)
        generation = desk.mail.details.generation
        return Wanted(order, desk.about, generation, has_tickets=True, calendar=entry)
    if kind is MailKind.ORDER_REFUNDED:
        return Wanted(order, papers=await credit_note_of(tx, desk.mail.details.refund_id))
    return Wanted()


def _logo(house: Shop, base_url: str) -> str | None:
    if house.logo is None:
        return None
    return f"{base_url}{house.logo}" if house.logo.startswith("/") else house.logo


async def _event(tx: Tx, event_id: UUID) -> EventPublic:
    sale = await on_sale(tx, event_id=event_id)
    assert sale is not None, "an event with orders or tickets is not deleted"
    return sale.event


async def _order(desk: _Desk) -> MailPage | None:
    tx, mail = desk.tx, desk.mail
    order = await find_order(tx, desk.about)
    if order is None or not rules.is_true(mail.kind, order):
        return None
    # Staff may have given the order to another address meanwhile; the link in here is the new holder's.
    if not mail.kind.is_for_staff and order.customer.email != mail.recipient:
        return None
    event = await _event(tx, order.event_id)
    if mail.kind is MailKind.ORDER_CONFIRMED and event.status is EventStatus.CANCELLED:
        return None
    tickets = [one for one in await tickets_of_order(tx, order.id, desk.signer) if one.status.is_good]
    # Of more tickets the page of their order leads into a wallet, not a mail that gets longer with each.
    has_ways = desk.wallets and len(tickets) <= LISTED_MAX
    held_today = await link_generations(tx, order) if has_ways else {}
    has_tickets = mail.kind is MailKind.ORDER_CONFIRMED and bool(tickets)
    link = desk.holder_link("order", order.id, order.generation)
    if mail.kind.is_for_staff:
        link = f"{desk.base_url}/office/orders/{order.id}"
    return desk.page(
        event,
        order=order,
        link=link,
        tickets=tuple(line for one in tickets if (line := desk.line(one, order, held_today.get(one.id)))),
        until=order.expires_at,
        amount=mail.details.amount or rules.still_owed(order),
        reason=_reason(order),
        buyer=_buyer(order),
        joining_link=await joining_link(tx, event.id) if has_tickets else None,
        instructions=(await seller(tx)).payment_instructions,
    )


def _reason(order: Order) -> str | None:
    """The organizer's words about a refusal; otherwise why it ended, as templates know it."""
    approval = order.approval
    if approval is not None and approval.status is ApprovalStatus.REFUSED:
        return approval.reason
    if order.cancel_reason is CancelReason.UNPAID and approval and approval.status is ApprovalStatus.LAPSED:
        return "undecided"
    return order.cancel_reason.value if order.cancel_reason else None


def _buyer(order: Order) -> str:
    names = (order.customer.first_name, order.customer.last_name)
    return ", ".join(part for part in (" ".join(one for one in names if one), order.customer.email) if part)


async def _cart(desk: _Desk) -> MailPage | None:
    cart = await cart_by_id(desk.tx, desk.about)
    sale = await on_sale(desk.tx, event_id=cart.event_id)
    now = await desk.tx.now()
    if sale is None or cart.status is not CartStatus.ABANDONED or cart.customer is None:
        return None
    event = sale.event
    if (
        event.status in OVER
        or event.starts_at <= now
        or await has_ordered(desk.tx, event.id, cart.customer.email)
    ):
        return None
    key = desk.keyring.holder_token("mail", desk.shop.id, desk.mail.id)
    return desk.page(
        event,
        chosen=tuple(Choice(line.name, str(line.quantity)) for line in cart.items),
        link=f"{desk.home}/carts/{cart.id}?key={desk.keyring.holder_token(LEFT_CART, desk.shop.id, cart.id)}",
        unsubscribe=f"{desk.home}/reminders/{desk.mail.id}?key={key}",
    )


async def _in_line(desk: _Desk) -> MailPage | None:
    """A place in line, as long as it is what the mail says: one that waits, or one for which places are held."""
    try:
        found = await waiting(desk.tx, desk.about)
    except NotFound:
        return None
    event = await _event(desk.tx, found.event_id)
    is_offer = desk.mail.kind is MailKind.WAITING_OFFERED
    wanted = WaitingStatus.OFFERED if is_offer else WaitingStatus.WAITING
    if found.status is not wanted or event.status in OVER:
        return None
    key = desk.keyring.holder_token("waiting", desk.shop.id, found.id)
    return desk.page(
        event,
        chosen=(Choice(found.name, str(found.quantity)),),
        link=f"{desk.home}/waiting/{found.id}?key={key}",
        until=found.offered_until,
        amount=found.ahead,
    )


async def _line_ended(desk: _Desk) -> MailPage | None:
    """What somebody waited for and does not take place."""
    sale = await on_sale(desk.tx, event_id=desk.about)
    if sale is None or sale.event.status is not EventStatus.CANCELLED:
        return None
    return desk.page(sale.event, link=desk.home)


async def _reminder(desk: _Desk) -> MailPage | None:
    """A reminder that stands, of a sale that is still to open."""
    found = await reminder(desk.tx, desk.about)
    if found is None:
        return None
    key = desk.keyring.holder_token("reminder", desk.shop.id, desk.about)
    link = f"{desk.home}/sale-reminders/{desk.about}?key={key}"
    event = await _event(desk.tx, found.event_id)
    return desk.page(event, link=link, unsubscribe=link, until=found.opens_at)


async def _sale(desk: _Desk) -> MailPage | None:
    """A sale that has opened, with what can be had at this moment; nothing where it is over, or not for everybody any more."""
    try:
        found = await offer(desk.tx, event_id=desk.about)
    except NotFound:
        return None
    if not any(one.state.is_buyable or one.state is SaleState.SOLD_OUT for one in found.ticket_types):
        return None
    words = Words(desk.mail.language)
    chosen = tuple(
        Choice(one.name, words.price(one.total, found.event.currency))
        for one in found.ticket_types
        if one.state.is_buyable
    )
    return desk.page(found.event, chosen=chosen[:LISTED_MAX])


async def has_ordered(tx: Tx, event_id: UUID, email: str) -> bool:
    """Whether whoever has this address has an order for the event that stands, or waits."""
    wanted = OrderFilter(event_id=event_id, email=email)
    page = await orders_for_staff(tx, wanted, cursor=None, limit=LISTED_MAX)
    return any(order.status is not OrderStatus.CANCELLED for order in page.items)


async def _transfer(desk: _Desk) -> MailPage | None:
    change = await transfer(desk.tx, desk.about, desk.mail.details.generation)
    if change is None:
        return None
    order = await find_order(desk.tx, change.order_id)
    assert order is not None, "a ticket belongs to an order"
    event = await _event(desk.tx, change.event_id)
    giver = " ".join(name for name in (change.giver.first_name, change.giver.last_name) if name)
    if desk.mail.kind is MailKind.TICKET_SENT:
        link = desk.holder_link("order", order.id, order.generation)
        is_buyer = order.customer.email == change.giver.email == desk.mail.recipient
        receiver = change.receiver_name or change.receiver.email or ""
        return desk.page(event, order=order, link=link if is_buyer else desk.home, person=receiver)
    held = await held_ticket(desk.tx, change.ticket_id, desk.signer)
    if held.generation != change.generation or held.ticket.status is not TicketStatus.VALID:
        return None
    line = desk.line(held.ticket, order, change.generation)
    return desk.page(
        event,
        order=order,
        link=desk.holder_link("ticket", change.ticket_id, change.generation),
        tickets=(line,) if line else (),
        person=giver or change.giver.email or "",
        joining_link=await joining_link(desk.tx, event.id),
    )


async def _order_links(desk: _Desk) -> MailPage | None:
    words, tx = Words(desk.mail.language), desk.tx
    found = await orders_for_staff(tx, OrderFilter(customer_id=desk.about), cursor=None, limit=LISTED_MAX)
    rows = []
    for order in found.items:
        event = await _event(tx, order.event_id)
        link = desk.holder_link("order", order.id, order.generation)
        rows.append(Row(event.title, words.when(event), order.order_number, link))
    rows += await _tickets_handed_over(desk, words)
    if not rows:
        return None
    code = await fresh_buyer_code(tx, desk.mail.recipient, desk.keyring)
    terms = await mail_terms(tx)
    return desk.page(rows=tuple(rows), code=code.digits, until=code.expires_at, zone=terms.time_zone)


async def _tickets_handed_over(desk: _Desk, words: Words) -> Sequence[Row]:
    rows = []
    for one in await tickets_handed_to(desk.tx, desk.about, most=LISTED_MAX):
        event = await _event(desk.tx, one.event_id)
        link = desk.holder_link("ticket", one.id, one.generation)
        rows.append(Row(event.title, words.when(event), "", link))
    return rows


async def _staff_link(desk: _Desk) -> MailPage | None:
    make = fresh_confirmation_link if desk.mail.kind is MailKind.STAFF_CONFIRM else fresh_reset_link
    link = await make(desk.tx, desk.about, desk.base_url)
    if link is None or link.email != desk.mail.recipient:
        return None
    terms = await mail_terms(desk.tx)
    return desk.page(link=link.url, until=link.expires_at, zone=terms.time_zone)


async def _password_changed(desk: _Desk) -> MailPage:
    return desk.page(link=f"{desk.base_url}/password-reset")


_GATHERERS: Final[dict[MailKind, Callable[[_Desk], Awaitable[MailPage | None]]]] = {
    MailKind.CART_ABANDONED: _cart,
    MailKind.WAITING_JOINED: _in_line,
    MailKind.WAITING_OFFERED: _in_line,
    MailKind.WAITING_ENDED: _line_ended,
    MailKind.REMINDER_SET: _reminder,
    MailKind.SALE_OPENED: _sale,
    MailKind.TICKET_SENT: _transfer,
    MailKind.TICKET_RECEIVED: _transfer,
    MailKind.ORDER_LINKS: _order_links,
    MailKind.STAFF_CONFIRM: _staff_link,
    MailKind.STAFF_RESET: _staff_link,
    MailKind.STAFF_PASSWORD_CHANGED: _password_changed,
}
