"""Tables: credentials of programs, doors and operators, and how often somebody has tried."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    KeyText,
    Tenant,
    belongs_to_organization,
    index,
    reference,
    table_args,
)


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
    """A door's credential: check-in and nothing else, at every event or at named ones. None until a phone is paired."""

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
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    all_events: Mapped[bool] = mapped_column(server_default=text("false"))
    paired_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class DevicePairingRow(Base, Tenant):
    """A code that turns one phone into one device: short-lived, taken once, kept as a hash."""

    __tablename__ = "device_pairings"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("device_id", "devices"),
        reference("user_id", "users"),
        UniqueConstraint("organization_id", "code_hash"),
        Index("ix_device_pairings_code_hash", "code_hash"),
        index("device_pairings", "device_id", "id"),
        index("device_pairings", "user_id"),
        CheckConstraint("octet_length(code_hash) = 32", name="code_hash"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
    )

    device_id: Mapped[UUID]
    user_id: Mapped[UUID]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    expires_at: Mapped[datetime]
    redeemed_at: Mapped[datetime | None]


class OperatorRow(Base):
    """Someone who runs the installation: a member of no organization, with a credential from the command line."""

    __tablename__ = "operators"
    __table_args__: Any = table_args(
        UniqueConstraint("token_hash"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    revoked_at: Mapped[datetime | None]


class RateCounterRow(Base):
    """How often somebody has tried something in one window of time; forgotten when the server falls over."""

    __tablename__ = "rate_counters"
    __table_args__: Any = table_args(
        CheckConstraint("scope <> ''", name="scope"),
        CheckConstraint("octet_length(subject_hash) = 32", name="subject_hash"),
        CheckConstraint("hits >= 1", name="hits"),
        Index("ix_rate_counters_window_starts_at", "window_starts_at"),
        prefixes=["UNLOGGED"],
    )

    scope: Mapped[str] = mapped_column(KeyText, primary_key=True)
    subject_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    window_starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    hits: Mapped[int] = mapped_column(Integer, server_default=text("1"))
