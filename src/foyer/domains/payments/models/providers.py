"""Tables: those who carry the money, what they tell us, what they pay out and what they take back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
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


class ProviderAccountRow(Base, Tenant, Dated):
    """An organization's account with a payment provider; what the provider tells is sorted by it."""

    __tablename__ = "provider_accounts"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        UniqueConstraint("organization_id", "provider", "account"),
        Index("ix_provider_accounts_account", "provider", "account"),
        CheckConstraint("provider <> ''", name="provider"),
        CheckConstraint("account <> ''", name="account"),
        CheckConstraint("status IN ('pending', 'active', 'inactive')", name="status"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    provider: Mapped[str] = mapped_column(KeyText)
    account: Mapped[str] = mapped_column(KeyText)
    sealed_credentials: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(server_default="pending")


class ProviderEventRow(Base, Tenant):
    """What a provider told us, kept word for word before it is believed; the same event twice is one row."""

    __tablename__ = "provider_events"
    __table_args__: Any = table_args(
        UniqueConstraint("organization_id", "provider", "reference"),
        index("provider_events", "id", where="processed_at IS NULL", name="ix_provider_events_waiting"),
        CheckConstraint("provider <> ''", name="provider"),
        CheckConstraint("reference <> ''", name="reference"),
        CheckConstraint("type <> ''", name="type"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    provider: Mapped[str] = mapped_column(KeyText)
    reference: Mapped[str] = mapped_column(KeyText)
    type: Mapped[str] = mapped_column(KeyText)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    processed_at: Mapped[datetime | None]
    error_message: Mapped[str | None]


class DisputeRow(Base, Tenant, Dated):
    """A payment that the buyer's bank takes back, until it is won or lost."""

    __tablename__ = "disputes"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("order_id", "orders"),
        reference("transaction_id", "transactions"),
        UniqueConstraint("organization_id", "provider", "reference"),
        index("disputes", "order_id"),
        index("disputes", "transaction_id", where="transaction_id IS NOT NULL"),
        index("disputes", "status", "id"),
        CheckConstraint("provider <> ''", name="provider"),
        CheckConstraint("reference <> ''", name="reference"),
        CheckConstraint("amount BETWEEN 1 AND 1000000000000000", name="amount"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("status IN ('open', 'won', 'lost')", name="status"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    event_id: Mapped[UUID]
    order_id: Mapped[UUID]
    provider: Mapped[str] = mapped_column(KeyText)
    reference: Mapped[str] = mapped_column(KeyText)
    amount: Mapped[int]
    currency: Mapped[str]
    reason: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="open")
    transaction_id: Mapped[UUID | None]


class PayoutRow(Base, Tenant, Dated):
    """Money that goes from a provider to an organizer; its id is the key under which the provider is asked."""

    __tablename__ = "payouts"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("provider_account_id", "provider_accounts"),
        reference("transaction_id", "transactions"),
        reference("user_id", "users"),
        index("payouts", "provider_account_id", "reference", where="reference IS NOT NULL", unique=True,
              name="uq_payouts_reference"),
        index("payouts", "provider_account_id", "id"),
        index("payouts", "transaction_id", where="transaction_id IS NOT NULL", unique=True),
        index("payouts", "user_id", where="user_id IS NOT NULL"),
        index("payouts", "status", "id"),
        CheckConstraint("amount BETWEEN 1 AND 1000000000000000", name="amount"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("status IN ('pending', 'completed', 'failed', 'cancelled')", name="status"),
        CheckConstraint("error_message IS NULL OR status = 'failed'", name="error_message"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )  # fmt: skip

    provider_account_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    amount: Mapped[int]
    currency: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="pending")
    reference: Mapped[str | None] = mapped_column(KeyText)
    transaction_id: Mapped[UUID | None]
    error_message: Mapped[str | None]
