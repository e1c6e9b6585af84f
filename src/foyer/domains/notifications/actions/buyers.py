"""What somebody asks for about mails to buyers."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from foyer.domains.customers import ERASED
from foyer.domains.notifications.actions.write import want_mail
from foyer.domains.notifications.desk import NewMail, opt_out
from foyer.domains.notifications.queries import cart_reminder, mails_since
from foyer.domains.notifications.rules import mail_of_standing
from foyer.domains.orders import language_of_order, lock_orders, order_for_staff
from foyer.infra.audit import record
from foyer.infra.batching import Counter
from foyer.infra.crypto import Keyring
from foyer.infra.db.tx import Tx
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, NotFound
from foyer.kernel.ids import uuid7
from foyer.kernel.text import email_key

RESENT_WITHIN: Final = timedelta(hours=1)
RESENT_MAX: Final = 3
"""So often within an hour staff may have the same mail sent: a mailbox is not a place to knock at."""


async def resend_order_mail(tx: Tx, order_id: UUID, *, actor: Actor) -> UUID:
    """Send the mail again that says where an order stands: its tickets, or how to pay. Returns the mail's id.

    Raises:
        NotFound: no such order.
        Conflict: there is nothing to send, or it was sent too often within an hour.
    """
    order = await order_for_staff(tx, order_id)
    kind = mail_of_standing(order)
    if kind is None:
        raise Conflict(f"The order is {order.status.value}; there is nothing to send again.", field="status")
    if order.customer.email == ERASED:
        raise Conflict("The buyer was erased; there is nobody to write to.", field="customer")
    await lock_orders(await tx.desk(), Counter(tx.organization_id, order.event_id), [order_id])
    if await mails_since(tx, order_id, kind, await tx.now() - RESENT_WITHIN) >= RESENT_MAX:
        raise Conflict("It was sent several times within the hour; please wait a while.", field="mails")
    language = await language_of_order(tx, order_id)
    mail = NewMail(uuid7(), kind, order.customer.email, language, order_id, order.customer_id)
    await want_mail(tx, mail)
    record(tx, actor, "order.mail_sent", "order", order_id, {"mail": [None, kind.value]})
    return mail.id


async def stop_reminders(tx: Tx, mail_id: UUID, keyring: Keyring) -> None:
    """Send no reminders to the address of this mail any more. Asking twice is harmless.

    Raises:
        NotFound: no such reminder.
    """
    recipient = await cart_reminder(tx, mail_id)
    if recipient is None:
        raise NotFound("There is no such mail.")
    address_hash = keyring.address_hashes(tx.organization_id, email_key(recipient))[0]
    await opt_out(await tx.desk(), tx.organization_id, address_hash)
