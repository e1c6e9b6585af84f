"""Tables: routes and middlewares that the operator gives to Traefik; hosts of organizations and how they proved them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
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
    table_args,
)


class TraefikRouteRow(Base, Dated, Versioned):
    """A router of Traefik that the operator wrote."""

    __tablename__ = "traefik_routes"
    __table_args__: Any = table_args(
        UniqueConstraint("name"),
        CheckConstraint("name ~ '^[^@]+$'", name="name"),
        CheckConstraint("rule <> ''", name="rule"),
        CheckConstraint("service <> ''", name="service"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-99)
    name: Mapped[str] = mapped_column(KeyText)
    rule: Mapped[str]
    service: Mapped[str]
    priority: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    entry_points: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    middlewares: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    tls: Mapped[bool]


class TraefikMiddlewareRow(Base, Dated, Versioned):
    """A middleware of Traefik that routes name."""

    __tablename__ = "traefik_middlewares"
    __table_args__: Any = table_args(
        UniqueConstraint("name"),
        CheckConstraint("name ~ '^[^@]+$'", name="name"),
        CheckConstraint(
            "type IN ('rateLimit', 'ipWhitelist', 'basicAuth', 'stripPrefix', 'headers', 'compress')",
            name="type",
        ),
        CheckConstraint("jsonb_typeof(configuration) = 'object'", name="configuration"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-99)
    name: Mapped[str] = mapped_column(KeyText)
    type: Mapped[str]
    configuration: Mapped[Json] = mapped_column(server_default=text("'{}'"))


class CustomDomainRow(Base, Tenant, Dated):
    """A host that an organization wants to be reached under; once verified it is theirs alone."""

    __tablename__ = "custom_domains"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        UniqueConstraint("organization_id", "host"),
        # Over all organizations: a claim that nobody has proved must not keep out the one who can.
        Index(
            "uq_custom_domains_host", "host", unique=True, postgresql_where=text("verified_at IS NOT NULL")
        ),
        CheckConstraint(
            r"host ~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$' AND length(host) <= 253",
            name="host",
        ),
    )

    host: Mapped[str] = mapped_column(KeyText)
    verified_at: Mapped[datetime | None]


class DomainProofRow(Base, Tenant):
    """What an organization was asked to publish to prove that a host is theirs, and when we looked."""

    __tablename__ = "domain_proofs"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("custom_domain_id", "custom_domains"),
        index("domain_proofs", "custom_domain_id"),
        CheckConstraint("method IN ('dns_txt', 'well_known')", name="method"),
        CheckConstraint("token <> ''", name="token"),
        CheckConstraint(
            "proved_at IS NULL OR (checked_at IS NOT NULL AND proved_at <= checked_at)", name="proved_at"
        ),
    )

    custom_domain_id: Mapped[UUID]
    method: Mapped[str]
    token: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    checked_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
