"""Tables: views and sales by day. Everything but the views is rebuilt from orders, with the identical result."""

from datetime import date as day
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import Base, Dated, Json, Tenant, belongs_to_organization, reference, table_args

_NOTHING = text("0")
_EMPTY_OBJECT = text("'{}'")


class EventAnalyticsRow(Base, Tenant, Dated):
    """Views and sales of one event on one day of its time zone, in one currency."""

    __tablename__ = "event_analytics"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        UniqueConstraint("organization_id", "event_id", "date", "currency"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("total_views >= 0", name="total_views"),
        CheckConstraint("unique_views BETWEEN 0 AND total_views", name="unique_views"),
        CheckConstraint("total_sales >= 0 AND tickets_sold >= 0 AND revenue >= 0", name="sales"),
        CheckConstraint("refunds >= 0", name="refunds"),
        CheckConstraint("jsonb_typeof(ticket_type_breakdown) = 'object'", name="ticket_type_breakdown"),
        CheckConstraint("jsonb_typeof(referrers) = 'object'", name="referrers"),
    )

    event_id: Mapped[UUID]
    date: Mapped[day]
    currency: Mapped[str]
    total_views: Mapped[int] = mapped_column(server_default=_NOTHING)
    unique_views: Mapped[int] = mapped_column(server_default=_NOTHING)
    total_sales: Mapped[int] = mapped_column(server_default=_NOTHING)
    tickets_sold: Mapped[int] = mapped_column(server_default=_NOTHING)
    conversion_rate_bps: Mapped[int] = mapped_column(
        Computed(
            "coalesce(round(total_sales * 10000.0 / nullif(unique_views, 0)), 0)::bigint", persisted=True
        )
    )
    revenue: Mapped[int] = mapped_column(server_default=_NOTHING)
    ticket_type_breakdown: Mapped[Json] = mapped_column(server_default=_EMPTY_OBJECT)
    refunds: Mapped[int] = mapped_column(server_default=_NOTHING)
    referrers: Mapped[Json] = mapped_column(server_default=_EMPTY_OBJECT)


class SalesAnalyticsRow(Base, Tenant, Dated):
    """Sales of an organization in one day, week or month of its time zone, in one currency."""

    __tablename__ = "sales_analytics"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        UniqueConstraint("organization_id", "date_range", "date", "currency"),
        CheckConstraint("date_range IN ('daily', 'weekly', 'monthly')", name="date_range"),
        CheckConstraint("date_range <> 'weekly' OR extract(isodow FROM date) = 1", name="week"),
        CheckConstraint("date_range <> 'monthly' OR extract(day FROM date) = 1", name="month"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("total_sales >= 0 AND total_revenue >= 0 AND tickets_sold >= 0", name="sales"),
        CheckConstraint("refund_amount >= 0", name="refund_amount"),
        CheckConstraint("fees_collected >= 0", name="fees_collected"),
        CheckConstraint("jsonb_typeof(event_breakdown) = 'object'", name="event_breakdown"),
        CheckConstraint("jsonb_typeof(payment_method_breakdown) = 'object'", name="payment_method_breakdown"),
    )

    date_range: Mapped[str]
    date: Mapped[day]
    currency: Mapped[str]
    total_sales: Mapped[int] = mapped_column(server_default=_NOTHING)
    total_revenue: Mapped[int] = mapped_column(server_default=_NOTHING)
    tickets_sold: Mapped[int] = mapped_column(server_default=_NOTHING)
    average_order_value: Mapped[int] = mapped_column(
        Computed(
            "coalesce(round(total_revenue::numeric / nullif(total_sales, 0)), 0)::bigint", persisted=True
        )
    )
    refund_amount: Mapped[int] = mapped_column(server_default=_NOTHING)
    fees_collected: Mapped[int] = mapped_column(server_default=_NOTHING)
    event_breakdown: Mapped[Json] = mapped_column(server_default=_EMPTY_OBJECT)
    payment_method_breakdown: Mapped[Json] = mapped_column(server_default=_EMPTY_OBJECT)


class VisitorHashRow(Base):
    """A visitor of an event on one day, known by a hash whose key is forgotten with the day."""

    __tablename__ = "visitor_hashes"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        CheckConstraint("octet_length(visitor_hash) = 32", name="visitor_hash"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    date: Mapped[day] = mapped_column(primary_key=True)
    visitor_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
