"""Money that came in: completed transactions and what they post."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from foyer.domains.payments.ledger import post
from foyer.domains.payments.types import Posted, Purchase, TransactionType
from foyer.infra.db.engine import Connection

_RECORD = """
INSERT INTO transactions (organization_id, id, order_id, user_id, type, amount, currency, payment_method, payment_method_id,
                          payment_intent_id, status, gateway_fee, platform_fee, completed_at, created_at, updated_at)
SELECT $1, id, order_id, user_id, 'purchase', amount, currency, method, method_id, intent_id, 'completed', gateway_fee,
       platform_fee, $2, $2, $2
FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[],
            $12::bigint[])
  AS new (id, order_id, user_id, amount, currency, method, method_id, intent_id, gateway_fee, platform_fee)
ORDER BY method, intent_id
ON CONFLICT (organization_id, payment_method, payment_intent_id) WHERE payment_intent_id IS NOT NULL DO NOTHING
RETURNING id
"""

_STANDING = """
SELECT t.order_id, t.amount, t.currency, t.payment_method, t.payment_intent_id
FROM unnest($2::text[], $3::text[]) AS asked (method, intent_id)
JOIN transactions t ON t.organization_id = $1 AND t.payment_method = asked.method AND t.payment_intent_id = asked.intent_id
"""

_KNOWN = "SELECT id FROM transactions WHERE organization_id = $1 AND id = ANY($2::uuid[])"


async def record_purchases(
    connection: Connection, organization_id: UUID, purchases: Sequence[Purchase], *, now: datetime
) -> set[UUID]:
    """Record money that came in, and post it; returns the ids of those that were not known.

    An intent that has been recorded is passed over: nothing is written or posted for it a second time.
    """
    written = await connection.fetch(
        _RECORD,
        organization_id,
        now,
        [one.id for one in purchases],
        [one.order_id for one in purchases],
        [one.user_id for one in purchases],
        [one.amount for one in purchases],
        [one.currency for one in purchases],
        [one.method for one in purchases],
        [one.method_id for one in purchases],
        [one.intent_id for one in purchases],
        [one.gateway_fee for one in purchases],
        [one.platform_fee for one in purchases],
    )
    fresh = {row[0] for row in written}
    await post(connection, organization_id, [_posted(one) for one in purchases if one.id in fresh])
    if len(fresh) < len(purchases):
        await _require_same(connection, organization_id, purchases)
    return fresh


async def known_intents(
    connection: Connection, organization_id: UUID, intents: Sequence[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Those among these that money has been recorded under: method, and the provider's name for the payment."""
    methods, names = [intent[0] for intent in intents], [intent[1] for intent in intents]
    rows = await connection.fetch(_STANDING, organization_id, methods, names)
    return {(row[3], row[4]) for row in rows}


async def known_transactions(connection: Connection, organization_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these transactions that are recorded."""
    return {row[0] for row in await connection.fetch(_KNOWN, organization_id, ids)}


def _posted(one: Purchase) -> Posted:
    return Posted(
        one.id,
        TransactionType.PURCHASE,
        one.amount,
        one.currency,
        one.gateway_fee,
        one.platform_fee,
        one.is_direct,
    )


async def _require_same(connection: Connection, organization_id: UUID, purchases: Sequence[Purchase]) -> None:
    """An intent told again with another amount, or for another order, is somebody's mistake and stops everything."""
    methods, intents = [one.method for one in purchases], [one.intent_id for one in purchases]
    standing = {tuple(row) for row in await connection.fetch(_STANDING, organization_id, methods, intents)}
    for one in purchases:
        told = (one.order_id, one.amount, one.currency, one.method, one.intent_id)
        assert told in standing, f"payment {one.intent_id} was recorded with another amount or order"
