"""Tables: what stands around an event: its series, its words in other languages, its pictures, its ways in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer, LargeBinary, UniqueConstraint, text
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
    reference_in_event,
    table_args,
)


class EventSeriesRow(Base, Tenant, Dated, Versioned):
    """What several events have in common: a run of evenings, a season."""

    __tablename__ = "event_series"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        CheckConstraint("name <> ''", name="name"),
    )

    name: Mapped[str]


class EventTranslationRow(Base, Dated):
    """The words of an event in another language than its own."""

    __tablename__ = "event_translations"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        CheckConstraint("language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'", name="language"),
        CheckConstraint("title <> '' AND length(title) <= 200", name="title"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(KeyText, primary_key=True)
    title: Mapped[str]
    description: Mapped[str]
    short_description: Mapped[str | None]
    seo_title: Mapped[str | None]
    seo_description: Mapped[str | None]


class EventImageRow(Base, Tenant):
    """A picture of an event: the one that stands for it, or one of its gallery."""

    __tablename__ = "event_images"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference("file_id", "files"),
        index("event_images", "event_id", where="kind = 'featured'", unique=True, name="uq_event_images_featured"),
        index("event_images", "event_id", "sort_order"),
        index("event_images", "file_id"),
        CheckConstraint("kind IN ('featured', 'gallery')", name="kind"),
    )  # fmt: skip

    event_id: Mapped[UUID]
    file_id: Mapped[UUID]
    kind: Mapped[str]
    sort_order: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))


class AccessLinkRow(Base, Tenant, Dated):
    """A secret that lets its bearer see a private event, or buy a hidden ticket type."""

    __tablename__ = "access_links"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference_in_event("ticket_type_id", "ticket_types"),
        reference("created_by", "users"),
        UniqueConstraint("organization_id", "token_hash"),
        index("access_links", "event_id", "ticket_type_id"),
        index("access_links", "created_by"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
    )

    event_id: Mapped[UUID]
    ticket_type_id: Mapped[UUID | None]
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_by: Mapped[UUID]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class GateRow(Base, Tenant, Dated, Versioned):
    """A door of an event, by the name that scans and signs use."""

    __tablename__ = "gates"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        index("gates", "event_id", "lower(name)", unique=True, name="uq_gates_name"),
        CheckConstraint("name <> ''", name="name"),
    )

    event_id: Mapped[UUID]
    name: Mapped[str]
