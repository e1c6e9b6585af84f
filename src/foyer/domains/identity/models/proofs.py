"""Tables: what proves, beside a password, that somebody is who they say."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import Base, KeyText, Tenant, belongs_to_organization, index, reference, table_args


class TotpSecretRow(Base):
    """The second factor of one member of staff, sealed; it counts once a code has proved it."""

    __tablename__ = "totp_secrets"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("user_id", "users"),
        CheckConstraint("last_step >= 0", name="last_step"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    confirmed_at: Mapped[datetime | None]


class PasskeyRow(Base, Tenant):
    """A WebAuthn credential of a member of staff; only its public half ever reaches us."""

    __tablename__ = "passkeys"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("user_id", "users"),
        UniqueConstraint("organization_id", "credential_id"),
        index("passkeys", "user_id"),
        CheckConstraint("name <> ''", name="name"),
        # The longest that the specification lets an authenticator make.
        CheckConstraint("octet_length(credential_id) BETWEEN 1 AND 1023", name="credential_id"),
        CheckConstraint("sign_count >= 0", name="sign_count"),
    )

    user_id: Mapped[UUID]
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    last_used_at: Mapped[datetime | None]


class RecoveryCodeRow(Base, Tenant):
    """A code that stands in for a lost second factor, once."""

    __tablename__ = "recovery_codes"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("user_id", "users"),
        UniqueConstraint("organization_id", "user_id", "code_hash"),
        CheckConstraint("octet_length(code_hash) = 32", name="code_hash"),
    )

    user_id: Mapped[UUID]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    used_at: Mapped[datetime | None]


class OneTimeCodeRow(Base, Tenant):
    """A code sent to an address: to prove it or a new one, to reset a password, or to sign a buyer in."""

    __tablename__ = "one_time_codes"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("user_id", "users"),
        index("one_time_codes", "user_id", where="user_id IS NOT NULL"),
        index("one_time_codes", "email_key", "purpose"),
        CheckConstraint(
            "purpose IN ('email_confirmation', 'password_reset', 'email_change', 'buyer_sign_in')",
            name="purpose",
        ),
        CheckConstraint("(purpose = 'buyer_sign_in') = (user_id IS NULL)", name="user_id"),
        CheckConstraint("email_key <> ''", name="email_key"),
        CheckConstraint("octet_length(code_hash) = 32", name="code_hash"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
    )

    purpose: Mapped[str]
    user_id: Mapped[UUID | None]
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(KeyText)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
