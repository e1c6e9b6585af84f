"""Tables: carts and their lines. A cart holds places from its first second until it is paid or lapses."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
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
from foyer.infra.db.columns import Line, Priced, Replayable, line_checks, priced_checks, replayable_checks


class CartRow(Base, Tenant, Priced, Replayable, Dated):
    __tablename__ = "carts"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference("user_id", "users"),
        reference("customer_id", "customers"),
        UniqueConstraint("organization_id", "event_id", "id"),
        index("carts", "event_id", "session_id", where="status = 'active'", unique=True, name="uq_carts_session"),
        index("carts", "actor_hash", "idempotency_key", where="idempotency_key IS NOT NULL", unique=True,
              name="uq_carts_idempotency_key"),
        Index("ix_carts_due", "expires_at", postgresql_where=text("status = 'active'")),
        index("carts", "user_id", where="user_id IS NOT NULL"),
        index("carts", "customer_id", where="customer_id IS NOT NULL"),
        CheckConstraint("status IN ('active', 'abandoned', 'converted', 'expired')", name="status"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
        *priced_checks(),
        *replayable_checks(),
    )  # fmt: skip

    event_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    customer_id: Mapped[UUID | None]
    session_id: Mapped[str] = mapped_column(KeyText)
    status: Mapped[str] = mapped_column(server_default="active")
    email: Mapped[str | None]
    expires_at: Mapped[datetime]


class CartItemRow(Base, Line, Tenant):
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
