"""Tables: buyers, one row for each address in each organization."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import Base, Dated, Json, KeyText, Tenant, belongs_to_organization, index, table_args


class CustomerRow(Base, Tenant, Dated):
    __tablename__ = "customers"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        index(
            "customers", "email_key", where="erased_at IS NULL", unique=True, name="uq_customers_email_key"
        ),
        CheckConstraint("email_key <> ''", name="email_key"),
        CheckConstraint("marketing = (marketing_at IS NOT NULL)", name="marketing"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(KeyText)
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[Json | None]
    marketing: Mapped[bool] = mapped_column(server_default=text("false"))
    marketing_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
