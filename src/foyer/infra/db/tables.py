"""Tables of the ground itself: facts and what came of them, audit, idempotency and files of a tenant, and the installation's one row.

Those of a tenant reference nobody: not even its organization.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import Base, Json, KeyText, Tenant, index, table_args


class FactRow(Base, Tenant):
    """What has happened, written with the change itself; mail, webhooks and analytics feed on it later."""

    __tablename__ = "facts"
    __table_args__: Any = table_args(
        index("facts", "subject_id", "id"),
        CheckConstraint("type <> ''", name="type"),
        info={"app_rights": "SELECT, INSERT"},
    )

    type: Mapped[str] = mapped_column(KeyText)
    subject_id: Mapped[UUID]
    actor_kind: Mapped[str] = mapped_column(KeyText)
    actor_id: Mapped[UUID | None]
    body: Mapped[Json]
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))


class ReactionDoneRow(Base):
    """A reaction that has had its effect on a fact, written with the effect: it has none a second time."""

    __tablename__ = "reactions_done"
    __table_args__: Any = table_args(
        CheckConstraint("reaction <> ''", name="reaction"),
        info={"app_rights": "SELECT, INSERT, DELETE"},
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    fact_id: Mapped[UUID] = mapped_column(primary_key=True)
    reaction: Mapped[str] = mapped_column(KeyText, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))


class AuditRow(Base, Tenant):
    """Who did what to which row; of personal fields it says only that they changed."""

    __tablename__ = "audit"
    __table_args__: Any = table_args(
        index("audit", "subject_id", "id"),
        index("audit", "actor_id", "id", where="actor_id IS NOT NULL"),
        CheckConstraint("action <> ''", name="action"),
        CheckConstraint("subject_kind <> ''", name="subject_kind"),
        CheckConstraint("jsonb_typeof(changes) = 'object'", name="changes"),
        info={"app_rights": "SELECT, INSERT"},
    )

    action: Mapped[str] = mapped_column(KeyText)
    subject_kind: Mapped[str] = mapped_column(KeyText)
    subject_id: Mapped[UUID]
    actor_kind: Mapped[str] = mapped_column(KeyText)
    actor_id: Mapped[UUID | None]
    changes: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))


class FileRow(Base, Tenant):
    """Something that was uploaded or made, kept under the hash of its bytes."""

    __tablename__ = "files"
    __table_args__: Any = table_args(
        index("files", "content_hash"),
        index("files", "made_from", where="made_from IS NOT NULL", unique=True),
        index("files", "subject_id", where="subject_id IS NOT NULL"),
        CheckConstraint("octet_length(content_hash) = 32", name="content_hash"),
        CheckConstraint("media_type <> ''", name="media_type"),
        CheckConstraint("size_bytes >= 0", name="size_bytes"),
        CheckConstraint("octet_length(made_from) = 32", name="made_from"),
        CheckConstraint("made_from IS NULL OR subject_id IS NOT NULL", name="made_of_something"),
    )

    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    made_from: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Hash of everything a document shows; None for what was uploaded."""
    subject_id: Mapped[UUID | None]
    """The row that a document tells of."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))


class IdempotencyRow(Base):
    """A write that carried an `Idempotency-Key`: which resource it made, never what was answered."""

    __tablename__ = "idempotency"
    __table_args__: Any = table_args(
        CheckConstraint("length(idempotency_key) BETWEEN 1 AND 255", name="idempotency_key"),
        CheckConstraint("octet_length(actor_hash) = 32 AND octet_length(body_hash) = 32", name="hashes"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(KeyText, primary_key=True)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary)
    resource_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))


class InstallationRow(Base):
    """One row: something sealed, by which a start with the wrong secret key is noticed before it does harm."""

    __tablename__ = "installation"
    __table_args__: Any = table_args(
        CheckConstraint("id = 1", name="single"),
        info={"app_rights": "SELECT, INSERT"},
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    canary: Mapped[bytes] = mapped_column(LargeBinary)
