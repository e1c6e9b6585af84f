"""Tables: what belongs to an order on paper: the buyer's answers, and invoices with their numbers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    Json,
    KeyText,
    Tenant,
    belongs_to_organization,
    index,
    reference_in_event,
    table_args,
)


class AnswerRow(Base, Tenant, Dated):
    """What a buyer answered to a question of the event: for the order, or for the ticket at one place of a line."""

    __tablename__ = "answers"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("question_id", "questions"),
        reference_in_event("order_id", "orders"),
        reference_in_event("order_item_id", "order_items"),
        UniqueConstraint("organization_id", "order_id", "question_id", "order_item_id", "place",
                         postgresql_nulls_not_distinct=True),
        index("answers", "event_id", "question_id"),
        index("answers", "order_item_id", where="order_item_id IS NOT NULL"),
        CheckConstraint("(order_item_id IS NULL) = (place IS NULL)", name="one_ticket"),
        CheckConstraint("place >= 1", name="place"),
    )  # fmt: skip

    event_id: Mapped[UUID]
    question_id: Mapped[UUID]
    order_id: Mapped[UUID]
    order_item_id: Mapped[UUID | None]
    place: Mapped[int | None] = mapped_column(Integer)
    value: Mapped[str | int | bool | list[str]] = mapped_column(JSONB)


class InvoiceNumberRow(Base):
    """The last number given out in a series, so that invoices are numbered without gaps."""

    __tablename__ = "invoice_numbers"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        CheckConstraint("series <> ''", name="series"),
        CheckConstraint("last_number >= 0", name="last_number"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(KeyText, primary_key=True)
    last_number: Mapped[int] = mapped_column(server_default=text("0"))


class InvoiceRow(Base, Tenant):
    """An invoice or a credit note as it was issued; never changed.

    `cause_id` is what it follows from, so that nothing is written twice: the order; the refund; of a credit note that takes back
    a whole invoice, that invoice; of an invoice for an order that came back, that credit note.
    """

    __tablename__ = "invoices"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("order_id", "orders"),
        UniqueConstraint("organization_id", "series", "number"),
        UniqueConstraint("organization_id", "cause_id"),
        index("invoices", "order_id"),
        CheckConstraint("kind IN ('invoice', 'credit_note')", name="kind"),
        CheckConstraint("series <> ''", name="series"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("jsonb_typeof(document) = 'object'", name="document"),
        info={"app_rights": "SELECT, INSERT"},
    )

    event_id: Mapped[UUID]
    order_id: Mapped[UUID]
    kind: Mapped[str]
    cause_id: Mapped[UUID]
    series: Mapped[str] = mapped_column(KeyText)
    number: Mapped[int]
    document: Mapped[Json]
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
