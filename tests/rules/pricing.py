"""Terms to price by, in one line each."""

from datetime import UTC, datetime
from uuid import UUID

from foyer.domains.events.types import (
    DiscountTerms,
    EventStatus,
    SaleTerms,
    TaxTerms,
    TypeTerms,
    Visibility,
)
from foyer.kernel.time import Window

ALWAYS = Window(None, None)
EVENING = datetime(2031, 6, 1, 19, tzinfo=UTC)
CODE_POOL = UUID(int=99)


def terms(bps: int = 0, fixed: int = 0, currency: str = "EUR") -> SaleTerms:
    """An event on sale, whose fee is `bps` of a paid ticket and `fixed`."""
    return SaleTerms(
        status=EventStatus.PUBLISHED,
        visibility=Visibility.PUBLIC,
        starts_at=EVENING,
        ends_at=EVENING,
        sales=ALWAYS,
        time_zone="Europe/Berlin",
        currency=currency,
        service_fee_bps=bps,
        service_fee_fixed=fixed,
        manual_payment_hours=168,
        approval_hours=72,
        allows_guests=True,
    )


def added(rate_bps: int, name: str = "Sales tax") -> TaxTerms:
    return TaxTerms(name, rate_bps, is_included=False)


def included(rate_bps: int, name: str = "VAT") -> TaxTerms:
    return TaxTerms(name, rate_bps, is_included=True)


def kind(price: int, tax: TaxTerms | None = None, number: int = 1) -> TypeTerms:
    """A ticket type of this price; its number tells it from others."""
    return TypeTerms(
        id=UUID(int=number),
        name=f"Type {number}",
        price=price,
        min_per_order=1,
        max_per_order=1_000,
        sales=ALWAYS,
        is_hidden=False,
        requires_approval=False,
        tax=tax,
        pools=(),
    )


def code(
    *,
    bps: int | None = None,
    amount: int | None = None,
    currency: str | None = None,
    least: int = 1,
    only: tuple[int, ...] = (),
) -> DiscountTerms:
    """A code for all ticket types, or for those of these numbers alone."""
    return DiscountTerms(
        id=UUID(int=7),
        code="SUMMER",
        percent_bps=bps,
        amount=amount,
        currency=currency,
        ticket_types=frozenset(UUID(int=number) for number in only),
        minimum_quantity=least,
        window=ALWAYS,
        uses_per_customer=None,
        pool_id=CODE_POOL,
        is_deleted=False,
    )
