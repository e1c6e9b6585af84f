"""Tables: staff, API keys and door devices."""

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
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("role IN ('owner', 'admin', 'manager', 'support', 'analyst')", name="role"),
        CheckConstraint("status IN ('pending', 'active', 'inactive')", name="status"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    name: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str]
    avatar: Mapped[str | None]
    role: Mapped[str]
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    status: Mapped[str] = mapped_column(server_default="pending")
    last_active: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class ApiKeyRow(Base, Tenant, Dated):
    """A secret for programs; its rights are its scopes that its maker still holds."""

    __tablename__ = "api_keys"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("user_id", "users"),
        UniqueConstraint("organization_id", "token_hash"),
        Index("ix_api_keys_token_hash", "token_hash"),
        index("api_keys", "user_id"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    user_id: Mapped[UUID]
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class DeviceRow(Base, Tenant, Dated):
    """A door's credential: check-in and nothing else, at every event or at named ones."""

    __tablename__ = "devices"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("user_id", "users"),
        UniqueConstraint("organization_id", "token_hash"),
        Index("ix_devices_token_hash", "token_hash"),
        index("devices", "user_id"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    user_id: Mapped[UUID]
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    all_events: Mapped[bool] = mapped_column(server_default=text("false"))
    revoked_at: Mapped[datetime | None]
