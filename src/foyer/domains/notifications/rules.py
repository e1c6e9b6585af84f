"""Who is told what."""

from foyer.domains.notifications.types import MailKind
from foyer.domains.orders.types import CancelReason, Order, OrderStatus, PaymentStatus

BY_HAND = "manual"


def mail_of_cancelled(reason: CancelReason) -> MailKind:
    """What a buyer is told whose order did not stand."""
    if reason is CancelReason.UNPAID:
        return MailKind.ORDER_EXPIRED
    if reason is CancelReason.REFUSED:
        return MailKind.ORDER_REFUSED
    if reason is CancelReason.EVENT_CANCELLED:
        return MailKind.EVENT_CANCELLED
    return MailKind.ORDER_CANCELLED


def mail_of_standing(order: Order) -> MailKind | None:
    """The mail that says where an order stands, to be sent again; None where there is nothing to say that helps."""
    if order.status in {OrderStatus.CONFIRMED, OrderStatus.PARTIAL_REFUND}:
        return MailKind.ORDER_CONFIRMED
    if order.status is not OrderStatus.PENDING:
        return None
    if order.approval is None:
        return MailKind.ORDER_PLACED
    return MailKind.ORDER_APPROVED if order.approval.decided_by else MailKind.ORDER_REQUESTED


def still_owed(order: Order) -> int:
    """What of a paid order that does not stand has not gone back yet, in minor units."""
    if order.payment_status in {PaymentStatus.PAID, PaymentStatus.PARTIAL_REFUND}:
        return order.total - order.refunded_amount
    return 0


def is_true(kind: MailKind, order: Order) -> bool:
    """Whether what a mail says of an order still holds when its turn comes."""
    status = order.status
    if kind is MailKind.ORDER_CONFIRMED:
        return status in {OrderStatus.CONFIRMED, OrderStatus.PARTIAL_REFUND}
    if kind in {MailKind.ORDER_PLACED, MailKind.ORDER_APPROVED}:
        return status is OrderStatus.PENDING
    if kind in {MailKind.ORDER_REQUESTED, MailKind.STAFF_APPROVAL_WANTED}:
        return status is OrderStatus.PENDING and order.approval is not None and not order.approval.decided_at
    if kind in {MailKind.ORDER_REFUSED, MailKind.ORDER_CANCELLED, MailKind.ORDER_EXPIRED}:
        return status is OrderStatus.CANCELLED
    return True
