"""Tables: the double-entry ledger. A row moves an amount from one account to another, so the books balance by construction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import Base, Tenant, belongs_to_organization, index, reference, table_args


def _account(column: str) -> ForeignKeyConstraint:
    """An account of the same organization and the same currency: what is posted in euros stays in euros."""
    return ForeignKeyConstraint(
        ["organization_id", column, "currency"],
        ["ledger_accounts.organization_id", "ledger_accounts.id", "ledger_accounts.currency"],
    )


class LedgerAccountRow(Base, Tenant):
    """One account of an organization in one currency."""

    __tablename__ = "ledger_accounts"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        UniqueConstraint("organization_id", "kind", "currency"),
        UniqueConstraint("organization_id", "id", "currency"),
        CheckConstraint(
            "kind IN ('buyer_clearing', 'organizer_payable', 'platform_fees', 'gateway_fees', 'refunds', 'chargebacks',"
            " 'payouts')",
            name="kind",
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        info={"app_rights": "SELECT, INSERT"},
    )

    kind: Mapped[str]
    currency: Mapped[str]


class LedgerTransferRow(Base, Tenant):
    """An amount that went from the credited account to the debited one, because of one transaction; never changed."""

    __tablename__ = "ledger_transfers"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        _account("debit_account_id"),
        _account("credit_account_id"),
        reference("transaction_id", "transactions"),
        index("ledger_transfers", "debit_account_id", "currency"),
        index("ledger_transfers", "credit_account_id", "currency"),
        index("ledger_transfers", "transaction_id"),
        CheckConstraint("amount BETWEEN 1 AND 1000000000000000", name="amount"),
        CheckConstraint("debit_account_id <> credit_account_id", name="two_accounts"),
        info={"app_rights": "SELECT, INSERT"},
    )

    transaction_id: Mapped[UUID]
    debit_account_id: Mapped[UUID]
    credit_account_id: Mapped[UUID]
    currency: Mapped[str]
    amount: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
