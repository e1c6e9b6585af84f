"""Tables: tries to be paid, and the transactions that came of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
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


class PaymentAttemptRow(Base, Tenant, Dated):
    """One try to have one order paid by one provider; its id is the key under which the provider is asked."""

    __tablename__ = "payment_attempts"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("order_id", "orders"),
        UniqueConstraint("organization_id", "event_id", "id"),
        index("payment_attempts", "order_id", "id"),
        index("payment_attempts", "event_id", "order_id"),
        index("payment_attempts", "order_id", where="status IN ('created', 'pending', 'succeeded')", unique=True,
              name="uq_payment_attempts_live"),
        index("payment_attempts", "provider", "reference", where="reference IS NOT NULL", unique=True,
              name="uq_payment_attempts_reference"),
        Index("ix_payment_attempts_unanswered", "updated_at", postgresql_where=text("status = 'created'")),
        CheckConstraint("provider <> ''", name="provider"),
        CheckConstraint("amount BETWEEN 1 AND 1000000000000000", name="amount"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("status IN ('created', 'pending', 'succeeded', 'failed', 'cancelled')", name="status"),
        CheckConstraint("error_message IS NULL OR status = 'failed'", name="error_message"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )  # fmt: skip

    event_id: Mapped[UUID]
    order_id: Mapped[UUID]
    provider: Mapped[str] = mapped_column(KeyText)
    amount: Mapped[int]
    currency: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="created")
    reference: Mapped[str | None] = mapped_column(KeyText)
    error_message: Mapped[str | None]


class TransactionRow(Base, Tenant, Dated):
    """Money that moved, or tried to. A completed one never changes; what corrects it is another one."""

    __tablename__ = "transactions"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("order_id", "orders"),
        reference("user_id", "users"),
        index("transactions", "order_id", where="order_id IS NOT NULL"),
        index("transactions", "user_id", where="user_id IS NOT NULL"),
        index("transactions", "type", "created_at", "id"),
        index("transactions", "status", "created_at", "id"),
        index("transactions", "created_at", "id"),
        index("transactions", "payment_method", "payment_intent_id", where="payment_intent_id IS NOT NULL",
              unique=True, name="uq_transactions_payment_intent_id"),
        CheckConstraint("type IN ('purchase', 'refund', 'chargeback', 'payout')", name="type"),
        CheckConstraint("(type = 'payout') = (order_id IS NULL)", name="order_id"),
        CheckConstraint("amount BETWEEN 1 AND 1000000000000000", name="amount"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("payment_method <> ''", name="payment_method"),
        CheckConstraint("status IN ('pending', 'completed', 'failed', 'cancelled')", name="status"),
        CheckConstraint("jsonb_typeof(metadata) = 'object'", name="metadata"),
        CheckConstraint("gateway_fee >= 0 AND platform_fee >= 0", name="fees"),
        CheckConstraint("error_message IS NULL OR status = 'failed'", name="error_message"),
        info={"app_rights": "SELECT, INSERT, UPDATE", "changes_while": "status = 'pending'"},
    )  # fmt: skip

    order_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    type: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    payment_method: Mapped[str] = mapped_column(KeyText)
    payment_method_id: Mapped[str | None] = mapped_column(KeyText)
    payment_intent_id: Mapped[str | None] = mapped_column(KeyText)
    status: Mapped[str] = mapped_column(server_default="pending")
    gateway_fee: Mapped[int] = mapped_column(server_default=text("0"))
    platform_fee: Mapped[int] = mapped_column(server_default=text("0"))
    metadata_: Mapped[Json] = mapped_column("metadata", server_default=text("'{}'"))
    error_message: Mapped[str | None]
    completed_at: Mapped[datetime | None]
