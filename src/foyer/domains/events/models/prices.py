"""Tables: tax rates, discount codes, and pools that several ticket types share."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    KeyText,
    Tenant,
    Versioned,
    belongs_to_organization,
    index,
    reference,
    table_args,
)


class TaxRateRow(Base, Tenant, Dated, Versioned):
    """A tax of the organization's country, added to prices or contained in them."""

    __tablename__ = "tax_rates"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        index("tax_rates", "lower(name)", unique=True, name="uq_tax_rates_name"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("rate_bps BETWEEN 0 AND 10000", name="rate_bps"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
    )

    name: Mapped[str]
    rate_bps: Mapped[int] = mapped_column(Integer)
    is_inclusive: Mapped[bool]
    country: Mapped[str | None]


class DiscountRow(Base, Tenant, Dated, Versioned):
    """A code that takes something off; its uses are places of a pool, so they cannot be oversold either."""

    __tablename__ = "discounts"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("pool_id", "pools"),
        index("discounts", "lower(code)", where="deleted_at IS NULL", unique=True, name="uq_discounts_code"),
        index("discounts", "pool_id", unique=True),
        CheckConstraint("code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$'", name="code"),
        CheckConstraint("num_nonnulls(percent_bps, amount) = 1", name="kind"),
        CheckConstraint("percent_bps BETWEEN 1 AND 10000", name="percent_bps"),
        CheckConstraint("amount BETWEEN 1 AND 1000000000000", name="amount"),
        CheckConstraint("(currency IS NULL) = (amount IS NULL)", name="amount_in_currency"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("minimum_quantity >= 1", name="minimum_quantity"),
        CheckConstraint("uses_per_customer >= 1", name="uses_per_customer"),
        CheckConstraint("ends_at >= starts_at", name="window"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    pool_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(KeyText)
    percent_bps: Mapped[int | None] = mapped_column(Integer)
    amount: Mapped[int | None]
    currency: Mapped[str | None]
    minimum_quantity: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    uses_per_customer: Mapped[int | None] = mapped_column(Integer)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class DiscountTicketTypeRow(Base):
    """A ticket type that a code is for; a code without any is for all."""

    __tablename__ = "discount_ticket_types"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("discount_id", "discounts"),
        reference("ticket_type_id", "ticket_types"),
        index("discount_ticket_types", "ticket_type_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    discount_id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_type_id: Mapped[UUID] = mapped_column(primary_key=True)


class SharedPoolRow(Base, Tenant, Dated, Versioned):
    """A pool that several ticket types of an event draw on beside their own, like "VIP area: 200 across three types"."""

    __tablename__ = "shared_pools"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference("pool_id", "pools"),
        index("shared_pools", "event_id", "lower(name)", unique=True, name="uq_shared_pools_name"),
        index("shared_pools", "pool_id", unique=True),
        CheckConstraint("name <> ''", name="name"),
    )

    event_id: Mapped[UUID]
    pool_id: Mapped[UUID]
    name: Mapped[str]
