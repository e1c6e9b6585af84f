"""Tables: orders and their lines: what was bought, by whom, for how much, as it was that moment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    Json,
    KeyText,
    Tenant,
    Versioned,
    belongs_to_organization,
    index,
    reference,
    reference_in_event,
    table_args,
)
from foyer.infra.db.columns import Line, Priced, line_checks, priced_checks


class OrderRow(Base, Tenant, Priced, Dated, Versioned):
    __tablename__ = "orders"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference("user_id", "users"),
        reference("customer_id", "customers"),
        reference_in_event("cart_id", "carts"),
        UniqueConstraint("organization_id", "event_id", "id"),
        UniqueConstraint("organization_id", "cart_id"),
        UniqueConstraint("organization_id", "order_number"),
        index("orders", "payment_method", "payment_id", where="payment_id IS NOT NULL", unique=True,
              name="uq_orders_payment_id"),
        Index("ix_orders_due", "expires_at", postgresql_where=text("status = 'pending'")),
        index("orders", "customer_id"),
        index("orders", "status", "id"),
        index("orders", "user_id", where="user_id IS NOT NULL"),
        CheckConstraint("order_number ~ '^[0-9A-HJKMNP-TV-Z]{8}$'", name="order_number"),
        CheckConstraint("status IN ('pending', 'confirmed', 'cancelled', 'refunded', 'partial_refund')", name="status"),
        CheckConstraint("payment_status IN ('pending', 'paid', 'failed', 'refunded', 'partial_refund')",
                        name="payment_status"),
        CheckConstraint("refunded_amount BETWEEN 0 AND total", name="refunded_amount"),
        CheckConstraint("status <> 'pending' OR expires_at IS NOT NULL", name="pending_expires"),
        CheckConstraint("generation >= 1", name="generation"),
        *priced_checks(),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )  # fmt: skip

    event_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    customer_id: Mapped[UUID]
    cart_id: Mapped[UUID]
    order_number: Mapped[str] = mapped_column(KeyText)
    customer: Mapped[Json]
    status: Mapped[str]
    payment_id: Mapped[str | None]
    payment_method: Mapped[str]
    payment_status: Mapped[str]
    refunded_amount: Mapped[int] = mapped_column(server_default=text("0"))
    notes: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(Integer, server_default=text("1"))


class OrderItemRow(Base, Line, Tenant):
    __tablename__ = "order_items"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("order_id", "orders"),
        reference_in_event("ticket_type_id", "ticket_types"),
        UniqueConstraint("organization_id", "event_id", "id"),
        index("order_items", "order_id"),
        index("order_items", "event_id", "ticket_type_id"),
        *line_checks(),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    order_id: Mapped[UUID]
