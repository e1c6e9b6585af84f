"""Papers that follow from what happened to an order: invoices, and the notes that take them back.

An order that is paid by hand is invoiced as soon as it can be paid, because its buyer pays by the invoice; any other one once
it is paid. Each reaction looks at the order as it is now, so that their order does not matter.
"""

from typing import Any, Final
from uuid import UUID

from foyer.domains.checkout.facts import (
    OrderApproved,
    OrderCancelled,
    OrderConfirmed,
    OrderPlaced,
    OrderRefunded,
)
from foyer.domains.customers.facts import CustomerErased
from foyer.domains.orders import find_order, issue_credit_note, issue_invoice
from foyer.domains.orders.types import ApprovalStatus, OrderStatus
from foyer.domains.payments import PROVIDERS, refund
from foyer.domains.tickets import orders_touching
from foyer.infra.db.tx import Tx
from foyer.infra.forgetting_documents import forget_documents
from foyer.infra.outbox import Reaction


async def invoice_placed(tx: Tx, fact: OrderPlaced | OrderApproved) -> None:
    """Invoice an order that waits for a payment by hand."""
    order = await find_order(tx, fact.order_id)
    if order is None or order.status is not OrderStatus.PENDING:
        return
    is_asked = order.approval is not None and order.approval.status is ApprovalStatus.REQUESTED
    provider = PROVIDERS.get(order.payment_method)
    if provider is not None and not provider.capabilities.is_remote and not is_asked:
        await issue_invoice(tx, fact.order_id)


async def invoice_confirmed(tx: Tx, fact: OrderConfirmed) -> None:
    await issue_invoice(tx, fact.order_id)


async def credit_cancelled(tx: Tx, fact: OrderCancelled) -> None:
    """Take the invoice back, unless the order has come back meanwhile."""
    order = await find_order(tx, fact.order_id)
    if order is not None and order.status is OrderStatus.CANCELLED:
        await issue_credit_note(tx, fact.order_id, None)


async def credit_refunded(tx: Tx, fact: OrderRefunded) -> None:
    """Take back what was refunded. The invoice comes first, also where its own reaction is late."""
    await issue_invoice(tx, fact.order_id)
    returned = await refund(tx, fact.order_id, fact.refund_id)
    quantities: dict[UUID, int] = {line.order_item_id: line.quantity for line in returned.lines}
    await issue_credit_note(
        tx,
        fact.order_id,
        quantities,
        cause_id=fact.refund_id,
        reason=returned.reason,
        returned=returned.amount,
    )


async def forget_erased(tx: Tx, fact: CustomerErased) -> None:
    """Forget the papers that name somebody; invoices are set again from what was issued, for whoever has to look at them."""
    await forget_documents(tx, await orders_touching(tx, fact.customer_id))


REACTIONS: Final[tuple[Reaction[Any], ...]] = (
    Reaction("invoice when placed", OrderPlaced, invoice_placed),
    Reaction("invoice when approved", OrderApproved, invoice_placed),
    Reaction("invoice when confirmed", OrderConfirmed, invoice_confirmed),
    Reaction("credit note when cancelled", OrderCancelled, credit_cancelled),
    Reaction("credit note when refunded", OrderRefunded, credit_refunded),
    Reaction("documents of an erased customer", CustomerErased, forget_erased),
)
