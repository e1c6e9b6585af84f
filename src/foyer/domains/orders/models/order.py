"""Tables: orders and their lines: what was bought, by whom, for how much, as it was that moment."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
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
from foyer.infra.db.columns import (
    Discounted,
    Line,
    Priced,
    discounted_checks,
    line_checks,
    priced_checks,
)

_NAME: Final = "lower(coalesce(customer ->> 'firstName' || ' ', '') || coalesce(customer ->> 'lastName', ''))"
_LAST_NAME: Final = "lower(customer ->> 'lastName')"
"""How people look for an order at the counter: by the name that was given for it, from its beginning."""


class OrderRow(Base, Tenant, Priced, Discounted, Dated, Versioned):
    """What one buyer bought of one event, with the sums and the buyer as they were that moment."""

    __tablename__ = "orders"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference("user_id", "users"),
        reference("customer_id", "customers"),
        reference("discount_id", "discounts"),
        reference_in_event("cart_id", "carts"),
        UniqueConstraint("organization_id", "event_id", "id"),
        UniqueConstraint("organization_id", "cart_id"),
        UniqueConstraint("organization_id", "order_number"),
        index("orders", "payment_method", "payment_id", where="payment_id IS NOT NULL", unique=True,
              name="uq_orders_payment_id"),
        Index("ix_orders_due", "expires_at", postgresql_where=text("status = 'pending'")),
        index("orders", "event_id", "created_at", "id"),
        index("orders", "customer_id", "created_at", "id"),
        index("orders", "discount_id", where="discount_id IS NOT NULL"),
        index("orders", "status", "created_at", "id"),
        index("orders", "payment_status", "created_at", "id"),
        index("orders", "payment_method", "created_at", "id"),
        index("orders", "buyer_name_key"),
        index("orders", "buyer_last_name_key"),
        index("orders", "created_at", "id"),
        index("orders", "user_id", where="user_id IS NOT NULL"),
        CheckConstraint("order_number ~ '^[0-9A-HJKMNP-TV-Z]{8}$'", name="order_number"),
        CheckConstraint("status IN ('pending', 'confirmed', 'cancelled', 'refunded', 'partial_refund')", name="status"),
        CheckConstraint("payment_status IN ('pending', 'paid', 'failed', 'refunded', 'partial_refund')",
                        name="payment_status"),
        CheckConstraint("refunded_amount BETWEEN 0 AND total", name="refunded_amount"),
        CheckConstraint("status <> 'pending' OR expires_at IS NOT NULL", name="pending_expires"),
        CheckConstraint("generation >= 1", name="generation"),
        CheckConstraint("(cancel_reason IS NOT NULL) = (status = 'cancelled')", name="cancelled_why"),
        CheckConstraint("cancel_reason IN ('unpaid', 'buyer', 'staff', 'refused', 'event_cancelled')",
                        name="cancel_reason"),
        CheckConstraint("language IN ('en', 'de')", name="language"),
        CheckConstraint("coalesce(customer ->> 'email', '') <> ''", name="customer"),
        *priced_checks(),
        *discounted_checks(),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )  # fmt: skip

    event_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    customer_id: Mapped[UUID]
    cart_id: Mapped[UUID]
    order_number: Mapped[str] = mapped_column(KeyText)
    customer: Mapped[Json]
    buyer_name_key: Mapped[str] = mapped_column(KeyText, Computed(_NAME, persisted=True))
    buyer_last_name_key: Mapped[str | None] = mapped_column(KeyText, Computed(_LAST_NAME, persisted=True))
    language: Mapped[str | None]
    status: Mapped[str]
    payment_id: Mapped[str | None]
    payment_method: Mapped[str]
    payment_status: Mapped[str]
    refunded_amount: Mapped[int] = mapped_column(server_default=text("0"))
    notes: Mapped[str | None]
    cancel_reason: Mapped[str | None]
    attendees: Mapped[list[Json] | None] = mapped_column(JSONB(none_as_null=True))
    expires_at: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(Integer, server_default=text("1"))


class OrderItemRow(Base, Line, Tenant):
    """One ticket type of an order; what a ticket is refunded at stands here."""

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


class ApprovalRow(Base, Tenant, Dated):
    """An order that waits for the organizer's word, and what that word was."""

    __tablename__ = "approvals"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("order_id", "orders"),
        reference("decided_by", "users"),
        UniqueConstraint("organization_id", "order_id"),
        index("approvals", "status", "id"),
        index("approvals", "decided_by", where="decided_by IS NOT NULL"),
        CheckConstraint("status IN ('requested', 'approved', 'refused', 'lapsed')", name="status"),
        CheckConstraint("(decided_at IS NOT NULL) = (status <> 'requested')", name="decided_at"),
        CheckConstraint("(decided_by IS NOT NULL) = (status IN ('approved', 'refused'))", name="decided_by"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    event_id: Mapped[UUID]
    order_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(server_default="requested")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
