"""Tables: events, ticket types, the pools a type draws on, the events a device serves."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TIME
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

_NO_LINKS = text("'{}'")


class EventRow(Base, Tenant, Dated, Versioned):
    """One evening, one place: what is sold, when, and under which terms."""

    __tablename__ = "events"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("pool_id", "pools"),
        reference("series_id", "event_series"),
        reference("created_by", "users"),
        reference("updated_by", "users"),
        index("events", "slug", where="deleted_at IS NULL", unique=True),
        index("events", "pool_id", unique=True),
        index("events", "series_id", where="series_id IS NOT NULL"),
        index("events", "created_by"),
        index("events", "updated_by"),
        index("events", "status", "starts_at"),
        Index(
            "ix_events_ending",
            "ends_at",
            postgresql_where=text("status = 'published' AND deleted_at IS NULL"),
        ),
        Index(
            "ix_events_unwound",
            "cancelled_at",
            postgresql_where=text("status = 'cancelled' AND wound_up_at IS NULL"),
        ),
        CheckConstraint("title <> '' AND length(title) <= 200", name="title"),
        CheckConstraint("category <> ''", name="category"),
        CheckConstraint("slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'", name="slug"),
        CheckConstraint("ends_at >= starts_at", name="order_of_time"),
        CheckConstraint("end_date >= start_date", name="order_of_days"),
        CheckConstraint("sales_end_date >= sales_start_date", name="order_of_sales"),
        CheckConstraint("sales_end_date <= ends_at", name="sales_end_before_event"),
        CheckConstraint("location_type IN ('physical', 'virtual', 'hybrid')", name="location_type"),
        CheckConstraint("status IN ('draft', 'published', 'cancelled', 'completed')", name="status"),
        CheckConstraint("visibility IN ('public', 'private', 'unlisted')", name="visibility"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
        CheckConstraint("service_fee_bps BETWEEN 0 AND 10000", name="service_fee_bps"),
        CheckConstraint("service_fee_fixed BETWEEN 0 AND 1000000000000", name="service_fee_fixed"),
        CheckConstraint("manual_payment_hours BETWEEN 1 AND 8760", name="manual_payment_hours"),
        CheckConstraint("approval_hours BETWEEN 1 AND 8760", name="approval_hours"),
        CheckConstraint("changes_close_hours BETWEEN 0 AND 8760", name="changes_close_hours"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    pool_id: Mapped[UUID]
    series_id: Mapped[UUID | None]
    slug: Mapped[str] = mapped_column(KeyText)
    title: Mapped[str]
    description: Mapped[str]
    short_description: Mapped[str | None]
    category: Mapped[str]
    start_date: Mapped[date]
    end_date: Mapped[date]
    start_time: Mapped[time] = mapped_column(TIME(precision=0))
    end_time: Mapped[time] = mapped_column(TIME(precision=0))
    time_zone: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    location_type: Mapped[str] = mapped_column(server_default="physical")
    venue_name: Mapped[str | None]
    address: Mapped[str | None]
    city: Mapped[str | None]
    state: Mapped[str | None]
    zip_code: Mapped[str | None]
    country: Mapped[str | None]
    virtual_event_url: Mapped[str | None]
    featured_image: Mapped[str | None]
    gallery_images: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NO_LINKS)
    status: Mapped[str] = mapped_column(server_default="draft")
    visibility: Mapped[str] = mapped_column(server_default="public")
    currency: Mapped[str]
    sales_start_date: Mapped[datetime | None]
    sales_end_date: Mapped[datetime | None]
    service_fee_bps: Mapped[int | None] = mapped_column(Integer)
    service_fee_fixed: Mapped[int | None]
    manual_payment_hours: Mapped[int] = mapped_column(Integer, server_default=text("168"))
    approval_hours: Mapped[int] = mapped_column(Integer, server_default=text("72"))
    changes_close_hours: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    seo_title: Mapped[str | None]
    seo_description: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NO_LINKS)
    created_by: Mapped[UUID]
    updated_by: Mapped[UUID]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    wound_up_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class TicketTypeRow(Base, Tenant, Dated, Versioned):
    """One kind of ticket to one event, with its price and its own pool of places."""

    __tablename__ = "ticket_types"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference("pool_id", "pools"),
        reference("tax_rate_id", "tax_rates"),
        UniqueConstraint("organization_id", "event_id", "id"),
        index("ticket_types", "tax_rate_id", where="tax_rate_id IS NOT NULL"),
        index("ticket_types", "event_id", "lower(name)", where="deleted_at IS NULL", unique=True,
              name="uq_ticket_types_name"),
        index("ticket_types", "pool_id", unique=True),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("price BETWEEN 0 AND 1000000000000", name="price"),
        CheckConstraint("min_per_order >= 1", name="min_per_order"),
        CheckConstraint("max_per_order >= min_per_order", name="max_per_order"),
        CheckConstraint("jsonb_typeof(metadata) = 'object'", name="metadata"),
        CheckConstraint("sales_end_date >= sales_start_date", name="order_of_sales"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )  # fmt: skip

    event_id: Mapped[UUID]
    pool_id: Mapped[UUID]
    name: Mapped[str]
    description: Mapped[str | None]
    price: Mapped[int]
    tax_rate_id: Mapped[UUID | None]
    min_per_order: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    max_per_order: Mapped[int] = mapped_column(Integer, server_default=text("10"))
    sales_start_date: Mapped[datetime | None]
    sales_end_date: Mapped[datetime | None]
    is_hidden: Mapped[bool] = mapped_column(server_default=text("false"))
    requires_approval: Mapped[bool] = mapped_column(server_default=text("false"))
    sort_order: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    metadata_: Mapped[Json] = mapped_column("metadata", server_default=text("'{}'"))
    deleted_at: Mapped[datetime | None]


class TicketTypePoolRow(Base):
    """Every pool that a sale of this type takes a place from: its own, the event's, shared ones."""

    __tablename__ = "ticket_type_pools"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("ticket_type_id", "ticket_types"),
        reference("pool_id", "pools"),
        index("ticket_type_pools", "event_id", "ticket_type_id"),
        index("ticket_type_pools", "pool_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_type_id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]


class DeviceEventRow(Base):
    """A named event that a device may admit at."""

    __tablename__ = "device_events"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("device_id", "devices"),
        reference("event_id", "events"),
        index("device_events", "event_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
