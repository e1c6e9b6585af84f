"""Writing the ledger, a batch at a time."""

from collections.abc import Sequence
from uuid import UUID

from foyer.domains.payments.ledger.postings import postings
from foyer.domains.payments.types import Posted
from foyer.infra.db.engine import Connection
from foyer.kernel.ids import uuid7

_OPEN_ACCOUNTS = """
INSERT INTO ledger_accounts (organization_id, id, kind, currency)
SELECT $1, id, kind, currency FROM unnest($2::uuid[], $3::text[], $4::text[]) AS new (id, kind, currency)
ORDER BY kind, currency ON CONFLICT (organization_id, kind, currency) DO NOTHING
"""

_TRANSFER = """
INSERT INTO ledger_transfers (organization_id, id, transaction_id, debit_account_id, credit_account_id, currency, amount)
SELECT $1, new.id, new.transaction_id, d.id, c.id, new.currency, new.amount
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[])
  AS new (id, transaction_id, debit, credit, currency, amount)
JOIN ledger_accounts d ON d.organization_id = $1 AND d.kind = new.debit AND d.currency = new.currency
JOIN ledger_accounts c ON c.organization_id = $1 AND c.kind = new.credit AND c.currency = new.currency
"""


async def post(connection: Connection, organization_id: UUID, transactions: Sequence[Posted]) -> None:
    """Write the transfers of completed transactions, and the accounts that are not there yet.

    Args:
        connection: in the transaction that wrote the transactions.
        organization_id: whose books.
        transactions: each posted once; their rows are written already.
    """
    moved = [
        (one.id, one.currency, posting)
        for one in transactions
        for posting in postings(
            one.type, one.amount, one.gateway_fee, one.platform_fee, is_direct=one.is_direct
        )
    ]
    if not moved:
        return
    named = {
        (kind.value, currency) for _, currency, posting in moved for kind in (posting.debit, posting.credit)
    }
    accounts = sorted(named)  # an insert that finds a row is a lock too
    await connection.execute(
        _OPEN_ACCOUNTS,
        organization_id,
        [uuid7() for _ in accounts],
        [kind for kind, _ in accounts],
        [currency for _, currency in accounts],
    )
    done = await connection.execute(
        _TRANSFER,
        organization_id,
        [uuid7() for _ in moved],
        [transaction_id for transaction_id, _, _ in moved],
        [posting.debit.value for _, _, posting in moved],
        [posting.credit.value for _, _, posting in moved],
        [currency for _, currency, _ in moved],
        [posting.amount for _, _, posting in moved],
    )
    assert done == f"INSERT 0 {len(moved)}", "every transfer finds its accounts"
