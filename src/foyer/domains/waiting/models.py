"""Tables: who waits for places that come back, and who for a sale to open."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    KeyText,
    Tenant,
    belongs_to_organization,
    index,
    reference,
    reference_in_event,
    table_args,
)


class WaitingListRow(Base, Tenant):
    """A buyer who waits for places of a sold-out ticket type; an offer is a cart that holds them."""

    __tablename__ = "waiting_list"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference_in_event("ticket_type_id", "ticket_types"),
        reference("customer_id", "customers"),
        reference_in_event("cart_id", "carts"),
        index("waiting_list", "event_id", "ticket_type_id", "customer_id", where="status IN ('waiting', 'offered')",
              unique=True, name="uq_waiting_list_customer"),
        index("waiting_list", "event_id", "ticket_type_id", "id", where="status = 'waiting'",
              name="ix_waiting_list_waiting"),
        Index("ix_waiting_list_groups", "organization_id", "event_id", "ticket_type_id", "quantity",
              postgresql_where=text("status = 'waiting'")),
        Index("ix_waiting_list_offered", "organization_id", "event_id", postgresql_where=text("status = 'offered'")),
        index("waiting_list", "event_id", "id"),
        index("waiting_list", "event_id", "ticket_type_id"),
        index("waiting_list", "customer_id"),
        index("waiting_list", "cart_id", where="cart_id IS NOT NULL"),
        CheckConstraint("status IN ('waiting', 'offered', 'taken', 'lapsed', 'left')", name="status"),
        CheckConstraint("quantity >= 1", name="quantity"),
        CheckConstraint("(offered_at IS NULL) = (cart_id IS NULL)", name="offered_at"),
        CheckConstraint("(status IN ('waiting', 'left')) = (cart_id IS NULL)", name="cart"),
        CheckConstraint("(status IN ('waiting', 'offered')) = (ended_at IS NULL)", name="ended_at"),
    )  # fmt: skip

    event_id: Mapped[UUID]
    ticket_type_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    cart_id: Mapped[UUID | None]
    quantity: Mapped[int] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(KeyText)
    status: Mapped[str] = mapped_column(server_default="waiting")
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    offered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SaleReminderRow(Base, Tenant):
    """A buyer who wants one mail when the sale of a ticket type opens; the row goes with the mail."""

    __tablename__ = "sale_reminders"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference_in_event("ticket_type_id", "ticket_types"),
        reference("customer_id", "customers"),
        index("sale_reminders", "event_id", "ticket_type_id", "customer_id", unique=True),
        index("sale_reminders", "customer_id"),
    )

    event_id: Mapped[UUID]
    ticket_type_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    language: Mapped[str] = mapped_column(KeyText)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
