"""Tables: organizations, their settings, every slug they ever had, and what of their plan they use."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    Json,
    KeyText,
    Tenant,
    Versioned,
    belongs_to_organization,
    table_args,
)


class OrganizationRow(Base, Dated, Versioned):
    """One organizer and everything that is theirs: the tenant that all other rows belong to."""

    __tablename__ = "organizations"
    __table_args__: Any = table_args(
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("email <> ''", name="email"),
        CheckConstraint("website ~ '^https?://'", name="website"),
        CheckConstraint("jsonb_typeof(address) = 'object'", name="address"),
        CheckConstraint("plan IN ('free', 'basic', 'pro', 'enterprise')", name="plan"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-99)
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str | None]
    website: Mapped[str | None]
    address: Mapped[Json | None]
    logo: Mapped[str | None]
    plan: Mapped[str] = mapped_column(server_default="free")
    subscription_id: Mapped[str | None]
    deleted_at: Mapped[datetime | None]
    is_rehearsal: Mapped[bool] = mapped_column(server_default=text("false"))
    """Made for a rehearsal of an on-sale: writes to nobody, and is removed with every row it has."""


class OrganizationSlugRow(Base):
    """A slug once used belongs to its organization for ever: the current one serves, the others redirect."""

    __tablename__ = "organization_slugs"
    __table_args__: Any = table_args(
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        CheckConstraint("slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'", name="slug"),
        Index(
            "uq_organization_slugs_current", "organization_id", unique=True, postgresql_where=text("current")
        ),
        Index("ix_organization_slugs_organization_id", "organization_id"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    slug: Mapped[str] = mapped_column(KeyText, primary_key=True)
    organization_id: Mapped[UUID]
    current: Mapped[bool]


class OrganizationSettingsRow(Base, Tenant, Dated, Versioned):
    """How an organization sells and looks; exactly one row, made with it."""

    __tablename__ = "organization_settings"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        UniqueConstraint("organization_id"),
        CheckConstraint("default_currency ~ '^[A-Z]{3}$'", name="default_currency"),
        CheckConstraint("time_zone <> ''", name="time_zone"),
        CheckConstraint("primary_color ~ '^#[0-9a-f]{6}$'", name="primary_color"),
        CheckConstraint("secondary_color ~ '^#[0-9a-f]{6}$'", name="secondary_color"),
        CheckConstraint("language IN ('en', 'de')", name="language"),
        CheckConstraint("service_fee_bps BETWEEN 0 AND 10000", name="service_fee_bps"),
        CheckConstraint("service_fee_fixed BETWEEN 0 AND 1000000000000", name="service_fee_fixed"),
    )

    default_currency: Mapped[str] = mapped_column(server_default="EUR")
    time_zone: Mapped[str] = mapped_column(server_default="UTC")
    language: Mapped[str] = mapped_column(server_default="en")
    email_notifications: Mapped[bool] = mapped_column(server_default=text("true"))
    abandoned_cart_mails: Mapped[bool] = mapped_column(server_default=text("false"))
    primary_color: Mapped[str | None]
    secondary_color: Mapped[str | None]
    allow_guest_checkout: Mapped[bool] = mapped_column(server_default=text("true"))
    service_fee_bps: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    service_fee_fixed: Mapped[int] = mapped_column(server_default=text("0"))
    ticket_transfers_enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    refund_policy: Mapped[str | None]
    tax_number: Mapped[str | None]
    payment_instructions: Mapped[str | None]
    privacy_policy_url: Mapped[str | None]
    terms_of_service_url: Mapped[str | None]


class PlanUsageRow(Base):
    """How much of something that the plan limits an organization has, counted by whoever adds it."""

    __tablename__ = "plan_usage"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        CheckConstraint("resource <> ''", name="resource"),
        CheckConstraint("used >= 0", name="used"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    resource: Mapped[str] = mapped_column(KeyText, primary_key=True)
    used: Mapped[int] = mapped_column(server_default=text("0"))
