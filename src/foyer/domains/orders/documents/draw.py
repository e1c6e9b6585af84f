"""What stands on an invoice or a credit note: pure values, from an order, its seller and what was issued before."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale
from msgspec.structs import asdict, replace

from foyer.domains.carts import sums, tax_lines
from foyer.domains.events.types import EventPublic
from foyer.domains.orders.types import (
    InvoiceDocument,
    InvoiceKind,
    InvoiceLine,
    Order,
    OrderLine,
    Party,
)
from foyer.domains.organizations.types import Seller

PREFIXES = {InvoiceKind.INVOICE: "INV", InvoiceKind.CREDIT_NOTE: "CN"}
_SAME = tuple(name for name in InvoiceLine.__struct_fields__ if name not in {"order_item_id", "total"})


class Occasion(NamedTuple):
    """Why something is issued, and when."""

    kind: InvoiceKind
    today: date
    refers_to: str | None = None
    reason: str | None = None
    returned: int | None = None
    """What goes back at this moment, where that is known."""
    paid_on: date | None = None
    due_on: date | None = None


def series(kind: InvoiceKind, today: date) -> str:
    """Each kind counts by itself, from one in each year."""
    return f"{PREFIXES[kind]}-{today.year}"


def full_number(series: str, number: int) -> str:
    return f"{series}-{number:06}"


def standing(issued: Iterable[InvoiceDocument]) -> dict[UUID, int]:
    """How many tickets of each line are invoiced and not taken back."""
    left: Counter[UUID] = Counter()
    for document in issued:
        sign = 1 if document.kind is InvoiceKind.INVOICE else -1
        for line in document.lines:
            left[line.order_item_id] += sign * line.quantity
    return {line_id: count for line_id, count in left.items() if count > 0}


def chosen(order: Order, wanted: Mapping[UUID, int]) -> list[OrderLine]:
    """The lines of an order with these quantities instead of their own."""
    return [
        replace(line, quantity=count, subtotal=count * line.unit_price)
        for line in order.items
        if (count := min(wanted.get(line.id, 0), line.quantity)) > 0
    ]


def drawn(
    order: Order, event: EventPublic, seller: Seller, lines: Sequence[OrderLine], number: str, why: Occasion
) -> InvoiceDocument:
    """The document; its number is the last thing that is known of it."""
    total = sums(lines)
    return InvoiceDocument(
        kind=why.kind,
        number=number,
        issued_on=why.today,
        order_number=order.order_number,
        ordered_on=order.created_at.astimezone(ZoneInfo(seller.time_zone)).date(),
        event_title=event.title,
        event_date=event.start_date,
        seller=seller_party(seller),
        buyer=buyer_party(order),
        lines=[_line(line) for line in lines],
        subtotal=total.subtotal,
        discount_amount=total.discount_amount,
        discount_code=order.discount_code if total.discount_amount else None,
        fees=total.fees,
        taxes=total.taxes,
        tax_lines=tax_lines(lines),
        total=total.total,
        currency=order.currency,
        payment_method=order.payment_method,
        paid_on=why.paid_on,
        due_on=why.due_on,
        payment_instructions=seller.payment_instructions if why.due_on else None,
        refers_to=why.refers_to,
        reason=why.reason,
        returned_before=0 if why.returned is None else max(0, total.total - why.returned),
        primary_color=seller.primary_color,
        secondary_color=seller.secondary_color,
        logo=seller.logo,
    )


def _line(line: OrderLine) -> InvoiceLine:
    same = {name: value for name, value in asdict(line).items() if name in _SAME}
    return InvoiceLine(**same, order_item_id=line.id, total=line.quantity * line.unit_total)


def seller_party(seller: Seller) -> Party:
    return Party(
        name=seller.name,
        address=written(seller.address),
        email=seller.email,
        phone=seller.phone,
        tax_number=seller.tax_number,
        country=seller.address.get("country"),
    )


def buyer_party(order: Order) -> Party:
    buyer = order.customer
    name = " ".join(part for part in (buyer.first_name, buyer.last_name) if part)
    given = {} if buyer.address is None else asdict(buyer.address)
    wire = {"line1": given.get("line1"), "line2": given.get("line2"), "city": given.get("city"), "state": given.get("state"),
            "postalCode": given.get("postal_code"), "country": given.get("country")}  # fmt: skip
    return Party(
        name=name or buyer.email,
        address=written(wire),
        email=buyer.email,
        phone=buyer.phone,
        country=wire["country"],
    )


def written(address: Mapping[str, str | None]) -> list[str]:
    """An address as lines of a letter."""
    town = " ".join(part for part in (address.get("postalCode"), address.get("city")) if part)
    code = address.get("country")
    country = Locale.parse("en").territories.get(code, code) if code else None
    return [
        line
        for line in (address.get("line1"), address.get("line2"), town, address.get("state"), country)
        if line
    ]
