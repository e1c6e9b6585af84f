"""Tables: where staff are signed in."""

from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import Base, Tenant, belongs_to_organization, index, reference, table_args


class SessionFamilyRow(Base, Tenant):
    """One sign-in of one member of staff on one device, through all its tokens; revoking it ends every one of them."""

    __tablename__ = "session_families"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("user_id", "users"),
        index("session_families", "user_id", "id"),
        CheckConstraint("device <> ''", name="device"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
    )

    user_id: Mapped[UUID]
    device: Mapped[str]
    ip: Mapped[IPv4Address | IPv6Address] = mapped_column(INET)
    location: Mapped[str | None]
    last_active: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SessionRow(Base, Tenant):
    """One pair of tokens of a sign-in; a refresh makes the next pair, and one that comes back used revokes the family.

    A browser has the first of a pair alone: its cookie is not refreshed.
    """

    __tablename__ = "sessions"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("family_id", "session_families"),
        UniqueConstraint("organization_id", "token_hash"),
        UniqueConstraint("organization_id", "refresh_token_hash"),
        Index("ix_sessions_token_hash", "token_hash"),
        index("sessions", "family_id"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
        CheckConstraint("octet_length(refresh_token_hash) = 32", name="refresh_token_hash"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
    )

    family_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    refresh_token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    expires_at: Mapped[datetime]
    refreshed_at: Mapped[datetime | None]
