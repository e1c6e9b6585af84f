"""Mails to many: the guests of a cancelled event and who waits for it, a few hundred at a time; carts that were left behind, a few each minute; sales that open."""

from typing import Final
from uuid import UUID

from foyer.domains.carts import take_abandoned
from foyer.domains.customers import customer_at
from foyer.domains.notifications.actions.write import want_mail
from foyer.domains.notifications.desk import NewMail, has_opted_out
from foyer.domains.notifications.documents.gather import has_ordered
from foyer.domains.notifications.types import MailKind, TellGuests
from foyer.domains.orders import language_of_order, orders_that_stand
from foyer.domains.organizations import mail_terms
from foyer.domains.waiting import end_line, take_reminders
from foyer.domains.waiting.types import Told
from foyer.infra.crypto import Keyring
from foyer.infra.db.tx import Tx
from foyer.infra.jobs import Job, Tools, enqueue
from foyer.kernel.ids import uuid7
from foyer.kernel.text import email_key

GUESTS_MAX: Final = 200
CARTS_MAX: Final = 50
REMINDED_MAX: Final = 200


async def tell_guests(tools: Tools, organization_id: UUID, body: TellGuests) -> None:
    """Tell the buyers of a cancelled event whose orders stood, and hand the rest of them on to the next job; then whoever waits for it."""
    async with tools.database.write(organization_id) as tx:
        orders = await orders_that_stand(tx, body.event_id, after=body.after, most=GUESTS_MAX)
        for order in orders:
            language = await language_of_order(tx, order.id)
            mail = NewMail(
                uuid7(), MailKind.EVENT_CANCELLED, order.customer.email, language, order.id,
                order.customer_id, once=f"event cancelled {order.id}",
            )  # fmt: skip
            await want_mail(tx, mail)
        if len(orders) == GUESTS_MAX:
            rest = TellGuests(event_id=body.event_id, after=orders[-1].id)
            await enqueue(tx, TELL_GUESTS, rest, dedupe=f"{body.event_id}:{rest.after}")
            return
    while True:
        async with tools.database.write(organization_id) as tx:
            if not await _tell_line(tx, body.event_id):
                return


async def _tell_line(tx: Tx, event_id: UUID) -> int:
    """Tell those who wait for a cancelled event or its sale, at most `GUESTS_MAX` at a time and once each; how many they were."""
    readers = await end_line(tx, event_id, GUESTS_MAX)
    for one in readers:
        await _tell(
            tx, MailKind.WAITING_ENDED, event_id, one, once=f"line ended {event_id} {one.customer_id}"
        )
    return len(readers)


TELL_GUESTS: Final = Job("mail.tell_guests", TellGuests, tell_guests)


async def remind_of_carts(tx: Tx, keyring: Keyring) -> int:
    """Write to buyers who wanted it, left an address and did not order, once for each cart; how many carts were found."""
    carts = await take_abandoned(await tx.desk(), tx.organization_id, CARTS_MAX)
    language = (await mail_terms(tx)).language
    for cart in carts:
        hashes = keyring.address_hashes(tx.organization_id, email_key(cart.email))
        if await has_opted_out(await tx.desk(), tx.organization_id, hashes):
            continue
        if await has_ordered(tx, cart.event_id, cart.email):
            continue
        # One for each buyer and event: several carts in one evening are one wish.
        once = f"reminder {cart.event_id} {hashes[0].hex()}"
        buyer = await customer_at(tx, cart.email)
        await want_mail(
            tx, NewMail(uuid7(), MailKind.CART_ABANDONED, cart.email, language, cart.id, buyer, once=once)
        )
    return len(carts)


async def tell_of_sale(tx: Tx, event_id: UUID, type_id: UUID) -> int:
    """Write to those who wanted to know when this sale opens, at most `REMINDED_MAX` at a time and once each; how many they were."""
    readers = await take_reminders(tx, event_id, type_id, REMINDED_MAX)
    for one in readers:
        # One for all that opens at the same moment: it says what can be had of the whole event.
        once = f"sale {event_id} {one.since} {one.customer_id}"
        await _tell(tx, MailKind.SALE_OPENED, event_id, one, once=once)
    return len(readers)


async def _tell(tx: Tx, kind: MailKind, event_id: UUID, reader: Told, *, once: str) -> None:
    await want_mail(
        tx, NewMail(uuid7(), kind, reader.email, reader.language, event_id, reader.customer_id, once=once)
    )
