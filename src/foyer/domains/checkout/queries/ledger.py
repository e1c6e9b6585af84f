"""Checks of the ledger: every transaction has the transfers that its rule says, and no other."""

from collections.abc import Iterator
from typing import Final

from foyer.domains.checkout.queries.check import Check
from foyer.domains.payments import PROVIDERS, postings
from foyer.domains.payments.types import TransactionType

_AMOUNT, _GATEWAY_FEE, _PLATFORM_FEE = 4, 2, 1
"""Amounts by which the parts of a transaction are known again in what the rule makes of them."""
_PARTS: Final = {_AMOUNT: "amount", _GATEWAY_FEE: "gateway_fee", _PLATFORM_FEE: "platform_fee"}


def _rules() -> Iterator[tuple[str, bool, str, str, str]]:
    """What the rule of the ledger says, as rows: type, whether direct, debit, credit, and which part of the transaction."""
    for kind in TransactionType:
        for is_direct in (False, True):
            if is_direct and kind is TransactionType.PAYOUT:
                continue
            for one in postings(kind, _AMOUNT, _GATEWAY_FEE, _PLATFORM_FEE, is_direct=is_direct):
                yield kind.value, is_direct, one.debit.value, one.credit.value, _PARTS[one.amount]


_TRANSFERS = """
WITH rules AS (
  SELECT * FROM unnest($2::text[], $3::bool[], $4::text[], $5::text[], $6::text[]) AS rule (type, is_direct, debit, credit, part)
), moved AS (
  SELECT f.transaction_id, d.kind AS debit, c.kind AS credit, f.amount, f.currency FROM ledger_transfers f
  JOIN ledger_accounts d ON d.organization_id = f.organization_id AND d.id = f.debit_account_id
  JOIN ledger_accounts c ON c.organization_id = f.organization_id AND c.id = f.credit_account_id
  WHERE f.organization_id = $1
), done AS (
  SELECT t.id, t.type, t.amount, t.currency, t.gateway_fee, t.platform_fee, CASE
    WHEN t.payment_method = ANY($7::text[]) THEN true
    WHEN t.payment_method = ANY($8::text[]) THEN false
    ELSE EXISTS (
      SELECT FROM ledger_transfers f
      JOIN ledger_accounts a ON a.organization_id = f.organization_id AND a.id IN (f.debit_account_id, f.credit_account_id)
      WHERE f.organization_id = t.organization_id AND f.transaction_id = t.id AND a.kind = 'payouts' AND t.type <> 'payout')
    END AS is_direct
  FROM transactions t WHERE t.organization_id = $1 AND t.status = 'completed'
), wanted AS (
  SELECT done.id AS transaction_id, rules.debit, rules.credit, CASE rules.part
    WHEN 'amount' THEN done.amount WHEN 'gateway_fee' THEN done.gateway_fee ELSE done.platform_fee END AS amount, done.currency
  FROM done JOIN rules ON rules.type = done.type AND rules.is_direct = done.is_direct
), odd AS (
  SELECT transaction_id, debit, credit, amount, currency, count(*) FILTER (WHERE is_wanted) AS wanted,
         count(*) FILTER (WHERE NOT is_wanted) AS found
  FROM (
    SELECT wanted.*, true AS is_wanted FROM wanted WHERE amount > 0
    UNION ALL
    SELECT moved.*, false FROM moved
  ) both_sides
  GROUP BY transaction_id, debit, credit, amount, currency
  HAVING count(*) FILTER (WHERE is_wanted) <> count(*) FILTER (WHERE NOT is_wanted)
)
SELECT transaction_id,
       coalesce(string_agg(format('%s %s %s to %s', amount, currency, credit, debit), ', ') FILTER (WHERE wanted > found), 'nothing more'),
       coalesce(string_agg(format('%s %s %s to %s', amount, currency, credit, debit), ', ') FILTER (WHERE found > wanted), 'nothing instead')
FROM odd GROUP BY transaction_id
"""

_BALANCES = """
WITH sides AS (
  SELECT debit_account_id AS account_id, amount FROM ledger_transfers WHERE organization_id = $1
  UNION ALL
  SELECT credit_account_id, -amount FROM ledger_transfers WHERE organization_id = $1
)
SELECT $1, format('0 %s in all accounts together', a.currency), sum(s.amount)::text
FROM sides s JOIN ledger_accounts a ON a.organization_id = $1 AND a.id = s.account_id
GROUP BY a.currency HAVING sum(s.amount) <> 0
"""


def _columns() -> tuple[object, ...]:
    direct = [name for name, one in PROVIDERS.items() if one.capabilities.is_direct]
    rules = [list(column) for column in zip(*_rules(), strict=True)]
    return *rules, direct, [name for name in PROVIDERS if name not in direct]


LEDGER: Final = (
    Check(
        "transfers",
        "transaction",
        "A completed transaction has other transfers in the ledger than the rule of its kind says, or one that is not completed"
        " has some: what is owed to the organizer is wrong.",
        _TRANSFERS,
        _columns(),
    ),
    Check(
        "balances",
        "organization",
        "All accounts of the ledger in one currency do not come to zero: a transfer names an account of another currency, which"
        " the database has to refuse.",
        _BALANCES,
    ),
)
