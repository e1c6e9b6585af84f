"""Tables: carts and their lines. A cart holds places from its first second until it is paid or lapses."""

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
    Replayable,
    discounted_checks,
    line_checks,
    priced_checks,
    replayable_checks,
)


class CartRow(Base, Tenant, Priced, Discounted, Replayable, Dated):
    """Places held for one buyer until a moment that never moves."""

    __tablename__ = "carts"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference("user_id", "users"),
        reference("customer_id", "customers"),
        reference("discount_id", "discounts"),
        UniqueConstraint("organization_id", "event_id", "id"),
        index("carts", "event_id", "session_id", where="status = 'active'", unique=True, name="uq_carts_session"),
        index("carts", "actor_hash", "idempotency_key", where="idempotency_key IS NOT NULL", unique=True,
              name="uq_carts_idempotency_key"),
        Index("ix_carts_due", "expires_at", postgresql_where=text("status = 'active'")),
        Index("ix_carts_abandoned", "updated_at",
              postgresql_where=text("status = 'abandoned' AND reminded_at IS NULL")),
        index("carts", "user_id", where="user_id IS NOT NULL"),
        index("carts", "customer_id", where="customer_id IS NOT NULL"),
        index("carts", "discount_id", where="discount_id IS NOT NULL"),
        CheckConstraint("status IN ('active', 'abandoned', 'converted', 'expired')", name="status"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
        CheckConstraint("customer IS NULL OR coalesce(customer ->> 'email', '') <> ''", name="customer"),
        *priced_checks(),
        *discounted_checks(),
        *replayable_checks(),
    )  # fmt: skip

    event_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    session_id: Mapped[str] = mapped_column(KeyText)
    status: Mapped[str] = mapped_column(server_default="active")
    customer: Mapped[Json | None]
    expires_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]


class CartItemRow(Base, Line, Tenant):
    """One ticket type in a cart."""

    __tablename__ = "cart_items"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("cart_id", "carts", ondelete="CASCADE"),
        reference_in_event("ticket_type_id", "ticket_types"),
        UniqueConstraint("organization_id", "cart_id", "ticket_type_id"),
        index("cart_items", "event_id", "ticket_type_id"),
        *line_checks(),
    )

    cart_id: Mapped[UUID]


class DiscountUseRow(Base):
    """How often one buyer has used one code; orders that were given up do not count."""

    __tablename__ = "discount_uses"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("discount_id", "discounts"),
        CheckConstraint("uses >= 0", name="uses"),
        CheckConstraint("email_key <> ''", name="email_key"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    discount_id: Mapped[UUID] = mapped_column(primary_key=True)
    email_key: Mapped[str] = mapped_column(KeyText, primary_key=True)
    uses: Mapped[int] = mapped_column(Integer, server_default=text("0"))
