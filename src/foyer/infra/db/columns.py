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
    """One ticket type in a cart or an order: how many, at what price and fee each."""

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-99)
    event_id: Mapped[UUID]
    ticket_type_id: Mapped[UUID | None]
    type: Mapped[str] = mapped_column(server_default="ticket")
    name: Mapped[str]
    quantity: Mapped[int] = mapped_column(Integer)
    unit_price: Mapped[int]
    unit_fee: Mapped[int]
    subtotal: Mapped[int]
    metadata_: Mapped[Json] = mapped_column("metadata", server_default=text("'{}'"))


def line_checks() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("type IN ('ticket', 'merchandise', 'fee')", name="type"),
        CheckConstraint("(type = 'ticket') = (ticket_type_id IS NOT NULL)", name="ticket_type_id"),
        CheckConstraint("quantity >= 1", name="quantity"),
        CheckConstraint("unit_price >= 0 AND unit_fee >= 0", name="not_negative"),
        CheckConstraint("subtotal = quantity * unit_price", name="subtotal"),
    )
