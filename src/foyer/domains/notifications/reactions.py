"""Which facts bring which mails. Each writes rows and jobs; whether a mail is still true is asked when it is sent."""

from typing import Any, Final
from uuid import UUID

from foyer.domains.checkout.facts import (
    EventCancelled,
    OrderApproved,
    OrderCancelled,
    OrderConfirmed,
    OrderFact,
    OrderPlaced,
    OrderRefunded,
    RefundDue,
    RefundFailed,
)
from foyer.domains.customers import customer_for_staff
from foyer.domains.customers.facts import CustomerErased, OrdersSought
from foyer.domains.events import is_cancelled
from foyer.domains.identity import staff_address
from foyer.domains.identity.facts import AddressClaimed, PasswordChanged, PasswordResetAsked, UserFact
from foyer.domains.notifications import rules
from foyer.domains.notifications.actions import TELL_GUESTS, want_mail
from foyer.domains.notifications.desk import NewMail, scrub_mails
from foyer.domains.notifications.types import Details, MailKind, TellGuests
from foyer.domains.orders import language_of_order, order_for_staff
from foyer.domains.orders.facts import OrderReaddressed
from foyer.domains.orders.types import OrderStaff, OrderStatus
from foyer.domains.organizations import mail_terms, shop
from foyer.domains.tickets import transfer
from foyer.domains.tickets.facts import TicketTransferred
from foyer.domains.waiting import reminded, told, waiting
from foyer.domains.waiting.facts import PlacesOffered, ReminderAsked, WaitingAsked, WaitingFact
from foyer.domains.waiting.types import WaitingStatus
from foyer.infra.db.tx import Tx
from foyer.infra.jobs import enqueue
from foyer.infra.outbox import Reaction
from foyer.kernel.errors import NotFound
from foyer.kernel.ids import uuid7


async def _tell_buyer(tx: Tx, kind: MailKind, order: OrderStaff, details: Details | None = None) -> None:
    language = await language_of_order(tx, order.id)
    recipient = order.customer.email
    await want_mail(
        tx, NewMail(uuid7(), kind, recipient, language, order.id, order.customer_id, details or Details())
    )


async def _tell_staff(
    tx: Tx, kind: MailKind, order_id: UUID, details: Details | None = None, *, once: str | None = None
) -> None:
    """A notice to the organizer's own address, unless they want none."""
    terms, house = await mail_terms(tx), await shop(tx)
    if terms.has_notices and house is not None:
        language = terms.language
        mail = NewMail(
            uuid7(), kind, house.email, language, order_id, details=details or Details(), once=once
        )
        await want_mail(tx, mail)


async def _placed(tx: Tx, fact: OrderPlaced) -> None:
    order = await order_for_staff(tx, fact.order_id)
    if fact.needs_approval:
        await _tell_buyer(tx, MailKind.ORDER_REQUESTED, order)
        await _tell_staff(tx, MailKind.STAFF_APPROVAL_WANTED, order.id)
    elif order.payment_method == rules.BY_HAND:  # who pays elsewhere is on the way there at this moment
        await _tell_buyer(tx, MailKind.ORDER_PLACED, order)
        await _new_order(tx, fact)


async def _confirmed(tx: Tx, fact: OrderConfirmed) -> None:
    await _tell_buyer(tx, MailKind.ORDER_CONFIRMED, await order_for_staff(tx, fact.order_id))
    await _new_order(tx, fact)


async def _new_order(tx: Tx, fact: OrderFact) -> None:
    await _tell_staff(tx, MailKind.STAFF_NEW_ORDER, fact.order_id, once=f"new order {fact.order_id}")


async def _approved(tx: Tx, fact: OrderApproved) -> None:
    order = await order_for_staff(tx, fact.order_id)
    if order.status is OrderStatus.PENDING:  # a free one is confirmed, and that is told
        await _tell_buyer(tx, MailKind.ORDER_APPROVED, order)


async def _cancelled(tx: Tx, fact: OrderCancelled) -> None:
    await _tell_buyer(tx, rules.mail_of_cancelled(fact.reason), await order_for_staff(tx, fact.order_id))


async def _refunded(tx: Tx, fact: OrderRefunded) -> None:
    details = Details(amount=fact.amount, refund_id=fact.refund_id)
    await _tell_buyer(tx, MailKind.ORDER_REFUNDED, await order_for_staff(tx, fact.order_id), details)


async def _refund_due(tx: Tx, fact: RefundDue) -> None:
    # Who has cancelled an event knows that all of it has to go back, and finds it in one list.
    if not await is_cancelled(tx, fact.event_id):
        await _tell_staff(tx, MailKind.STAFF_REFUND_DUE, fact.order_id, Details(amount=fact.amount))


async def _refund_failed(tx: Tx, fact: RefundFailed) -> None:
    details = Details(amount=fact.amount, refund_id=fact.refund_id)
    await _tell_staff(tx, MailKind.STAFF_REFUND_FAILED, fact.order_id, details)


async def _readdressed(tx: Tx, fact: OrderReaddressed) -> None:
    order = await order_for_staff(tx, fact.order_id)
    kind = rules.mail_of_standing(order)
    if kind is not None:
        await _tell_buyer(tx, kind, order)


async def _event_cancelled(tx: Tx, fact: EventCancelled) -> None:
    await enqueue(tx, TELL_GUESTS, TellGuests(event_id=fact.event_id), dedupe=str(fact.event_id))


async def _transferred(tx: Tx, fact: TicketTransferred) -> None:
    change = await transfer(tx, fact.ticket_id, fact.generation)
    if change is None:
        return
    language = await language_of_order(tx, change.order_id)
    details = Details(generation=fact.generation)
    for kind, person in (
        (MailKind.TICKET_SENT, change.giver),
        (MailKind.TICKET_RECEIVED, change.receiver),
    ):
        if person.email is not None:
            await want_mail(
                tx, NewMail(uuid7(), kind, person.email, language, fact.ticket_id, person.id, details)
            )


async def _sought(tx: Tx, fact: OrdersSought) -> None:
    buyer = await customer_for_staff(tx, fact.customer_id)
    if buyer.email is not None:
        language = fact.language or (await mail_terms(tx)).language
        await want_mail(tx, NewMail(uuid7(), MailKind.ORDER_LINKS, buyer.email, language, buyer.id, buyer.id))


async def _erased(tx: Tx, fact: CustomerErased) -> None:
    await scrub_mails(await tx.desk(), tx.organization_id, fact.customer_id)


async def _in_line(tx: Tx, kind: MailKind, fact: WaitingFact) -> None:
    reader = await told(tx, fact.waiting_id)
    if reader is not None:
        await want_mail(
            tx, NewMail(uuid7(), kind, reader.email, reader.language, fact.waiting_id, reader.customer_id)
        )


async def _asked_to_wait(tx: Tx, fact: WaitingAsked) -> None:
    try:
        place = await waiting(tx, fact.waiting_id)
    except NotFound:
        return
    # Who asks again while places are held for them has lost the mail that says so.
    is_offered = place.status is WaitingStatus.OFFERED
    await _in_line(tx, MailKind.WAITING_OFFERED if is_offered else MailKind.WAITING_JOINED, fact)


async def _places_offered(tx: Tx, fact: PlacesOffered) -> None:
    await _in_line(tx, MailKind.WAITING_OFFERED, fact)


async def _reminder_asked(tx: Tx, fact: ReminderAsked) -> None:
    reader = await reminded(tx, fact.reminder_id)
    if reader is not None:
        mail = NewMail(
            uuid7(),
            MailKind.REMINDER_SET,
            reader.email,
            reader.language,
            fact.reminder_id,
            reader.customer_id,
        )
        await want_mail(tx, mail)


async def _to_user(tx: Tx, kind: MailKind, fact: UserFact) -> None:
    email = await staff_address(tx, fact.user_id)
    if email is not None:
        language = (await mail_terms(tx)).language
        await want_mail(tx, NewMail(uuid7(), kind, email, language, fact.user_id))


async def _claimed(tx: Tx, fact: AddressClaimed) -> None:
    await _to_user(tx, MailKind.STAFF_CONFIRM, fact)


async def _reset_asked(tx: Tx, fact: PasswordResetAsked) -> None:
    await _to_user(tx, MailKind.STAFF_RESET, fact)


async def _password_changed(tx: Tx, fact: PasswordChanged) -> None:
    await _to_user(tx, MailKind.STAFF_PASSWORD_CHANGED, fact)


REACTIONS: Final[tuple[Reaction[Any], ...]] = (
    Reaction("mail.order_placed", OrderPlaced, _placed),
    Reaction("mail.order_confirmed", OrderConfirmed, _confirmed),
    Reaction("mail.order_approved", OrderApproved, _approved),
    Reaction("mail.order_cancelled", OrderCancelled, _cancelled),
    Reaction("mail.order_refunded", OrderRefunded, _refunded),
    Reaction("mail.order_readdressed", OrderReaddressed, _readdressed),
    Reaction("mail.refund_due", RefundDue, _refund_due),
    Reaction("mail.refund_failed", RefundFailed, _refund_failed),
    Reaction("mail.event_cancelled", EventCancelled, _event_cancelled),
    Reaction("mail.ticket_transferred", TicketTransferred, _transferred),
    Reaction("mail.orders_sought", OrdersSought, _sought),
    Reaction("mail.waiting_asked", WaitingAsked, _asked_to_wait),
    Reaction("mail.places_offered", PlacesOffered, _places_offered),
    Reaction("mail.reminder_asked", ReminderAsked, _reminder_asked),
    Reaction("mail.customer_erased", CustomerErased, _erased),
    Reaction("mail.address_claimed", AddressClaimed, _claimed),
    Reaction("mail.password_reset_asked", PasswordResetAsked, _reset_asked),
    Reaction("mail.password_changed", PasswordChanged, _password_changed),
)
