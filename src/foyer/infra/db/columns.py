"""Columns that several tables share: sums, lines, requests that may come twice."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Integer, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import Json, KeyText


class Priced:
    """Sums in minor units of the currency; what the buyer pays is always the sum of its parts."""

    currency: Mapped[str]
    subtotal: Mapped[int]
    discount_amount: Mapped[int] = mapped_column(server_default=text("0"))
    fees: Mapped[int]
    taxes: Mapped[int] = mapped_column(server_default=text("0"))
    total: Mapped[int]


def priced_checks() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("subtotal >= 0 AND fees >= 0 AND taxes >= 0 AND total >= 0", name="not_negative"),
        CheckConstraint("discount_amount BETWEEN 0 AND subtotal", name="discount_amount"),
        CheckConstraint("total = subtotal - discount_amount + fees + taxes", name="adds_up"),
    )


class Discounted:
    """The code that took something off, as it was then; the code itself may be gone."""

    discount_id: Mapped[UUID | None]
    discount_code: Mapped[str | None]


def discounted_checks() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("(discount_id IS NULL) = (discount_code IS NULL)", name="discount"),
        CheckConstraint("discount_amount = 0 OR discount_id IS NOT NULL", name="discount_has_code"),
    )


class Replayable:
    """A request that may come twice: who sent it, under which key, with which body."""

    actor_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    idempotency_key: Mapped[str | None] = mapped_column(KeyText)
    body_hash: Mapped[bytes | None] = mapped_column(LargeBinary)


def replayable_checks() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint(
            "(idempotency_key IS NULL) = (actor_hash IS NULL) AND (idempotency_key IS NULL) = (body_hash IS NULL)",
            name="idempotency",
        ),
        CheckConstraint("length(idempotency_key) BETWEEN 1 AND 255", name="idempotency_key"),
    )


class Line:
    """One ticket type in a cart or an order: how many, and what each comes to.

    `unit_tax` is on top of the price, or, with `tax_included`, contained in it.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-99)
    event_id: Mapped[UUID]
    ticket_type_id: Mapped[UUID | None]
    type: Mapped[str] = mapped_column(server_default="ticket")
    name: Mapped[str]
    quantity: Mapped[int] = mapped_column(Integer)
    unit_price: Mapped[int]
    unit_discount: Mapped[int] = mapped_column(server_default=text("0"))
    unit_fee: Mapped[int]
    unit_tax: Mapped[int] = mapped_column(server_default=text("0"))
    tax_name: Mapped[str | None]
    tax_rate_bps: Mapped[int | None] = mapped_column(Integer)
    tax_included: Mapped[bool | None]
    subtotal: Mapped[int]
    metadata_: Mapped[Json] = mapped_column("metadata", server_default=text("'{}'"))


def line_checks() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("type IN ('ticket', 'merchandise', 'fee')", name="type"),
        CheckConstraint("(type = 'ticket') = (ticket_type_id IS NOT NULL)", name="ticket_type_id"),
        CheckConstraint("quantity >= 1", name="quantity"),
        CheckConstraint("unit_price >= 0 AND unit_fee >= 0 AND unit_tax >= 0", name="not_negative"),
        CheckConstraint("unit_discount BETWEEN 0 AND unit_price", name="unit_discount"),
        CheckConstraint("num_nonnulls(tax_name, tax_rate_bps, tax_included) IN (0, 3)", name="tax"),
        CheckConstraint("unit_tax = 0 OR tax_name IS NOT NULL", name="unit_tax"),
        CheckConstraint("tax_rate_bps BETWEEN 0 AND 10000", name="tax_rate_bps"),
        CheckConstraint("jsonb_typeof(metadata) = 'object'", name="metadata"),
        CheckConstraint("subtotal = quantity * unit_price", name="subtotal"),
    )
