"""Tables: buyers, one row for each address in each organization, where they are signed in, what they agreed to."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    Json,
    KeyText,
    Tenant,
    belongs_to_organization,
    index,
    reference,
    table_args,
)

_NAME: Final = "lower(coalesce(first_name || ' ', '') || coalesce(last_name, ''))"


class CustomerRow(Base, Tenant, Dated):
    """A buyer of one organization; erasing empties the row, so that what they bought still adds up."""

    __tablename__ = "customers"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        index(
            "customers", "email_key", where="erased_at IS NULL", unique=True, name="uq_customers_email_key"
        ),
        index("customers", "created_at", "id", where="erased_at IS NULL"),
        index("customers", "name_key", where="erased_at IS NULL"),
        index("customers", "last_name_key", where="erased_at IS NULL"),
        CheckConstraint("email_key <> ''", name="email_key"),
        CheckConstraint("jsonb_typeof(address) = 'object'", name="address"),
        CheckConstraint("marketing = (marketing_at IS NOT NULL)", name="marketing"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(KeyText)
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    name_key: Mapped[str] = mapped_column(KeyText, Computed(_NAME, persisted=True))
    last_name_key: Mapped[str | None] = mapped_column(KeyText, Computed("lower(last_name)", persisted=True))
    phone: Mapped[str | None]
    address: Mapped[Json | None]
    marketing: Mapped[bool] = mapped_column(server_default=text("false"))
    marketing_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class BuyerSessionRow(Base, Tenant):
    """Where a buyer is signed in; never a permission of staff."""

    __tablename__ = "buyer_sessions"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("customer_id", "customers"),
        UniqueConstraint("organization_id", "token_hash"),
        Index("ix_buyer_sessions_token_hash", "token_hash"),
        index("buyer_sessions", "customer_id"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
    )

    customer_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ConsentRow(Base, Tenant):
    """A yes or no to marketing, when it was said and where; the newest one counts."""

    __tablename__ = "consents"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("customer_id", "customers"),
        index("consents", "customer_id", "id"),
        # Staff can take a yes back, never give one.
        CheckConstraint(
            "source IN ('customer', 'opt_in_mail') OR (source = 'staff' AND NOT marketing)", name="source"
        ),
        info={"app_rights": "SELECT, INSERT"},
    )

    customer_id: Mapped[UUID]
    marketing: Mapped[bool]
    source: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
