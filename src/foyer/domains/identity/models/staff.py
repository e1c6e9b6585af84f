"""Tables: staff and how they are asked in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint, text
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


class UserRow(Base, Tenant, Dated, Versioned):
    """Staff of one organization; only ever soft-deleted, so that what they did keeps its name."""

    __tablename__ = "users"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        index("users", "lower(email)", where="deleted_at IS NULL", unique=True, name="uq_users_email"),
        Index("ix_users_email", text("lower(email)"), postgresql_where=text("deleted_at IS NULL")),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("email <> ''", name="email"),
        CheckConstraint("role IN ('owner', 'admin', 'manager', 'support', 'analyst')", name="role"),
        CheckConstraint("status IN ('pending', 'active', 'inactive')", name="status"),
        # Who was invited has no password yet.
        CheckConstraint("status <> 'active' OR password_hash IS NOT NULL", name="password_hash"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    name: Mapped[str]
    email: Mapped[str]
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    avatar: Mapped[str | None]
    role: Mapped[str]
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    status: Mapped[str] = mapped_column(server_default="pending")
    last_active: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class InvitationRow(Base, Tenant, Dated):
    """A letter that lets a pending member of staff in, once."""

    __tablename__ = "invitations"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("user_id", "users"),
        reference("invited_by", "users"),
        UniqueConstraint("organization_id", "token_hash"),
        index("invitations", "user_id"),
        index("invitations", "invited_by"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
    )

    user_id: Mapped[UUID]
    invited_by: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
