"""One order: what was bought, by whom, for how much, what happened to it, what may be done with it now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from foyer.domains.customers import ERASED
from foyer.domains.notifications import mail_of_standing
from foyer.domains.orders import (
    answers_of,
    bought_by,
    in_words,
    invoice_pdf,
    invoices_of_order,
    order_for_staff,
    state_of,
)
from foyer.domains.orders.types import Answer, BuyerTotal, OrderLine, OrderStaff, OrderState, PaymentStatus
from foyer.domains.organizations import time_zone
from foyer.domains.payments import transactions
from foyer.domains.payments.types import TransactionFilter, TransactionType
from foyer.domains.tickets import Guest, guests_of, tickets_for_staff
from foyer.domains.tickets.types import TicketStatus
from foyer.infra.db.tx import ReadTx
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import NotFound
from foyer.kernel.paging import PAGE_MAX
from foyer.web.office.frame import Toast, frame
from foyer.web.office.orders.history import history_of
from foyer.web.office.orders.listing import line_views
from foyer.web.office.pages.orders import Acts, AnswerLine, MoneyLine, OrderPage, TicketLine, method_words
from foyer.web.shared.filters import amount, taxed
from foyer.web.shared.render import AnyRequest, drawn, paper
from foyer.web.shared.staff import Staff, staff
from foyer.web.shared.visitor import desks, workshop

TICKET_BADGES: Final = {
    TicketStatus.VALID: ("Valid", "good", "check"),
    TicketStatus.USED: ("Inside", "brand", "check"),
    TicketStatus.CANCELLED: ("Cancelled", "", "ban"),
    TicketStatus.REFUNDED: ("Refunded", "", "undo"),
}
DONE: Final = {
    "paid": "The order is paid, and its tickets are on their way.",
    "approved": "The order is approved.",
    "refused": "The order is refused, and its places are back on sale.",
    "cancelled": "The order is cancelled, and its places are back on sale.",
    "refunded": "The money is on its way back.",
    "written": "The refund is written down. Please transfer the money yourself.",
    "email": "The address is changed. Links that were sent before open nothing any more.",
    "notes": "The notes are kept.",
    "mail": "The mail is on its way again.",
}
"""What is said once about what was just done; the address names it, so nobody can make us say anything else."""


@get("/orders/{order_id:uuid}/invoices/{invoice_id:uuid}", opt=declares(permission("orders:view")))
async def invoice_on_paper(
    request: AnyRequest, order_id: FromPath[UUID], invoice_id: FromPath[UUID]
) -> Response[bytes]:
    """An invoice or a credit note of the order as it was issued."""
    house_id = staff(request).shop.id
    async with desks(request).database.read(house_id) as tx:
        known = {one.id: one.number for one in await invoices_of_order(tx, order_id)}
    if invoice_id not in known:
        raise NotFound("There is no such invoice.")
    return paper(await invoice_pdf(workshop(request), house_id, invoice_id), f"{known[invoice_id]}.pdf")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to something that could not be done: in which dialog, beside which field, with what was typed."""

    dialog: str = ""
    findings: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    status: int = 200


NOTHING: Final = Reply()


@get("/orders/{order_id:uuid}", opt=declares(permission("orders:view")))
async def show_order(request: AnyRequest, order_id: FromPath[UUID]) -> Response[Any]:
    """One order."""
    done = DONE.get(request.query_params.get("done", ""))
    return await order_page(request, order_id, toast=Toast(done) if done else None)


async def order_page(
    request: AnyRequest, order_id: UUID, *, toast: Toast | None = None, reply: Reply = NOTHING
) -> Response[Any]:
    """The page of an order; with a dialog open where something was wrong with what was sent."""
    here = staff(request)
    async with desks(request).database.read(here.shop.id) as tx:
        order = await order_for_staff(tx, order_id)
        (view,) = await line_views(tx, [order])
        guests = await guests_of(tx, await tickets_for_staff(tx, order_id))
        is_remote = _is_remote(request, order)
        page = OrderPage(
            frame=frame(request, "orders", toast=toast),
            view=view,
            tickets=ticket_lines(order, guests),
            money=[*_sum(order), *await _received(tx, order, view.refund_due)],
            history=await history_of(tx, order, guests),
            invoices=await invoices_of_order(tx, order_id),
            answers=_said(order, (await answers_of(tx, [order_id]))[order_id]),
            acts=_acts(here, order, is_remote=is_remote),
            zone=await time_zone(tx),
            buyer_words=_buyer_words(await bought_by(tx, order.customer_id)),
            dialog=reply.dialog,
            findings=reply.findings,
            typed=reply.typed,
            problem=reply.problem,
        )
    return drawn("office/orders/detail.html", page, status=reply.status)


def _said(order: OrderStaff, answers: Sequence[Answer]) -> list[AnswerLine]:
    names = {line.id: line.name for line in order.items}
    return [
        AnswerLine(
            one.label,
            in_words(one.value),
            f"{names[one.order_item_id]}, ticket {one.place}" if one.order_item_id else "",
        )
        for one in answers
    ]


def _is_remote(request: AnyRequest, order: OrderStaff) -> bool:
    provider = desks(request).providers.get(order.payment_method)
    return provider is not None and provider.capabilities.is_remote


def ticket_lines(order: OrderStaff, guests: Sequence[Guest]) -> list[TicketLine]:
    """The tickets of an order, each with what it was paid with."""
    lines = {line.id: line for line in order.items}
    return [_ticket_line(guest, lines[guest.ticket.order_item_id]) for guest in guests]


def _ticket_line(guest: Guest, line: OrderLine) -> TicketLine:
    ticket = guest.ticket
    return TicketLine(
        id=ticket.id,
        holder=guest.name,
        type_name=guest.type_name,
        code=ticket.code,
        badge=TICKET_BADGES[ticket.status],
        paid=line.unit_total,
        is_good=ticket.status.is_good,
        was_handed_on=ticket.transferred_at is not None,
        price=line.unit_price - line.unit_discount,
        fee=line.unit_fee,
        tax=0 if line.tax_included else line.unit_tax,
    )


def _sum(order: OrderStaff) -> list[MoneyLine]:
    """What the total is made of."""
    found = [MoneyLine(f"{line.quantity} × {line.name}", line.subtotal) for line in order.items]
    if order.discount_amount:
        words = f"Discount {order.discount_code}" if order.discount_code else "Discount"
        found.append(MoneyLine(words, -order.discount_amount, "off"))
    if order.fees:
        found.append(MoneyLine("Service fees", order.fees))
    found += [
        MoneyLine(taxed(one.name, one.rate_bps), one.amount) for one in order.tax_lines if not one.included
    ]
    return found


async def _received(tx: ReadTx, order: OrderStaff, refund_due: int) -> list[MoneyLine]:
    """What came in, what was kept of it, what went back, what is left or still owed."""
    was_paid = order.payment_status in {
        PaymentStatus.PAID, PaymentStatus.REFUNDED, PaymentStatus.PARTIAL_REFUND
    }  # fmt: skip
    if not order.total:
        return [MoneyLine("Free", 0, "total")]
    if not was_paid:
        is_open = order.expires_at is not None
        return [MoneyLine("To pay" if is_open else "Never paid", order.total, "total"), *_told_tax(order)]
    wanted = TransactionFilter(order_id=order.id)
    moved = (await transactions(tx, wanted, cursor=None, limit=PAGE_MAX)).items
    bought = [one for one in moved if one.type is TransactionType.PURCHASE]
    gateway, platform = sum(one.gateway_fee for one in bought), sum(one.platform_fee for one in bought)
    method = method_words(order.payment_method)
    found = [MoneyLine(f"Paid {method[0].lower()}{method[1:]}", order.total, "total"), *_told_tax(order)]
    told = len(found)
    if gateway:
        found.append(MoneyLine(f"{method} kept", -gateway))
    if platform:
        found.append(MoneyLine("Platform fee", -platform))
    if order.refunded_amount:
        found.append(MoneyLine("Refunded", -order.refunded_amount))
    if refund_due:
        found.append(MoneyLine("Has to go back", -refund_due))
    if len(found) > told:
        left = order.total - gateway - platform - order.refunded_amount - refund_due
        found.append(MoneyLine("Left of it", left, "total"))
    return found


def _told_tax(order: OrderStaff) -> list[MoneyLine]:
    return [
        MoneyLine(f"{taxed(one.name, one.rate_bps)} included", one.amount, "note")
        for one in order.tax_lines
        if one.included
    ]


def _acts(here: Staff, order: OrderStaff, *, is_remote: bool) -> Acts:
    state, edits = state_of(order), here.may("orders:edit")
    is_paid = order.payment_status in {PaymentStatus.PAID, PaymentStatus.PARTIAL_REFUND}
    left = order.total - order.refunded_amount
    is_known = order.customer.email != ERASED
    return Acts(
        mark_paid=edits and state is OrderState.PAYMENT_DUE and not is_remote,
        decide=edits and state is OrderState.TO_APPROVE,
        cancel=edits
        and state not in {OrderState.CANCELLED, OrderState.REFUNDED, OrderState.TO_APPROVE}
        and (state is OrderState.PAYMENT_DUE or not left),
        refund=here.may("orders:refund") and is_paid and left > 0,
        resend=edits and is_known and mail_of_standing(order) is not None,
        change_email=edits and is_known,
        note=edits,
    )


def _buyer_words(totals: Sequence[BuyerTotal]) -> str:
    """`4 orders, €1,204.00 paid, €24.00 refunded`."""
    orders = sum(one.orders for one in totals)
    parts = [f"{orders} order{'' if orders == 1 else 's'}"]
    parts += [f"{amount(one.paid, one.currency)} paid" for one in totals if one.paid]
    refunded = [f"{amount(one.refunded, one.currency)} refunded" for one in totals if one.refunded]
    return ", ".join([*parts, *(refunded or ["no refunds"])])


ROUTES = [show_order, invoice_on_paper]
