"""Tables: where organizers' own systems listen, and what was delivered there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer, LargeBinary, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    Tenant,
    Versioned,
    belongs_to_organization,
    index,
    reference,
    table_args,
)


class WebhookEndpointRow(Base, Tenant, Dated, Versioned):
    """An address that is told of facts of certain types, signed with a secret of its own."""

    __tablename__ = "webhook_endpoints"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("created_by", "users"),
        index("webhook_endpoints", "created_by"),
        CheckConstraint("url ~ '^https?://'", name="url"),
        CheckConstraint("cardinality(types) >= 1", name="types"),
    )

    url: Mapped[str]
    types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    created_by: Mapped[UUID]
    disabled_at: Mapped[datetime | None]


class WebhookDeliveryRow(Base, Tenant, Dated):
    """One fact on its way to one address: how often it was tried, and what was answered."""

    __tablename__ = "webhook_deliveries"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("endpoint_id", "webhook_endpoints"),
        reference("fact_id", "facts"),
        UniqueConstraint("organization_id", "endpoint_id", "fact_id"),
        index("webhook_deliveries", "endpoint_id", "id"),
        index("webhook_deliveries", "fact_id"),
        index("webhook_deliveries", "status", "id"),
        CheckConstraint("status IN ('pending', 'delivered', 'failed')", name="status"),
        CheckConstraint("(delivered_at IS NOT NULL) = (status = 'delivered')", name="delivered_at"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("response_status BETWEEN 100 AND 599", name="response_status"),
    )

    endpoint_id: Mapped[UUID]
    fact_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    response_status: Mapped[int | None] = mapped_column(SmallInteger)
    error_message: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
