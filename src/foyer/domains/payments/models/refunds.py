"""Tables: refunds and the tickets they are for."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    KeyText,
    Tenant,
    belongs_to_organization,
    index,
    reference,
    reference_in_event,
    table_args,
)


class RefundRow(Base, Tenant, Dated):
    """Money that goes back to a buyer: due, on its way, or there. Its id is the key under which the provider is asked."""

    __tablename__ = "refunds"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("order_id", "orders"),
        reference("user_id", "users"),
        reference("transaction_id", "transactions"),
        UniqueConstraint("organization_id", "event_id", "id"),
        index("refunds", "event_id", "order_id"),
        index("refunds", "order_id", "id"),
        index("refunds", "order_id", where="status IN ('due', 'pending')", unique=True, name="uq_refunds_open"),
        index("refunds", "transaction_id", where="transaction_id IS NOT NULL", unique=True),
        index("refunds", "user_id", where="user_id IS NOT NULL"),
        index("refunds", "status", "id"),
        Index("ix_refunds_unanswered", "updated_at", postgresql_where=text("status = 'pending'")),
        CheckConstraint("amount BETWEEN 1 AND 1000000000000000", name="amount"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("provider <> ''", name="provider"),
        CheckConstraint("status IN ('due', 'pending', 'completed', 'failed')", name="status"),
        CheckConstraint("(transaction_id IS NOT NULL) = (status = 'completed')", name="transaction_id"),
        CheckConstraint("error_message IS NULL OR status = 'failed'", name="error_message"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )  # fmt: skip

    event_id: Mapped[UUID]
    order_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    provider: Mapped[str] = mapped_column(KeyText)
    amount: Mapped[int]
    currency: Mapped[str]
    reason: Mapped[str | None]
    status: Mapped[str]
    transaction_id: Mapped[UUID | None]
    error_message: Mapped[str | None]


class RefundLineRow(Base):
    """So many tickets of one line of the order, at what each of them cost."""

    __tablename__ = "refund_lines"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("refund_id", "refunds"),
        reference_in_event("order_item_id", "order_items"),
        index("refund_lines", "event_id", "refund_id"),
        index("refund_lines", "event_id", "order_item_id"),
        CheckConstraint("quantity >= 1", name="quantity"),
        CheckConstraint("amount >= 0", name="amount"),
        info={"app_rights": "SELECT, INSERT"},
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    refund_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_item_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    quantity: Mapped[int] = mapped_column(Integer)
    amount: Mapped[int]


class RefundTicketRow(Base):
    """A ticket that was named when its refund was begun: it ends once the money is back, and no other one of its line."""

    __tablename__ = "refund_tickets"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("refund_id", "refunds"),
        reference("ticket_id", "tickets"),
        index("refund_tickets", "event_id", "refund_id"),
        index("refund_tickets", "ticket_id"),
        info={"app_rights": "SELECT, INSERT"},
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    refund_id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
