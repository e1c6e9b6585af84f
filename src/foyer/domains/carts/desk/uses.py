"""How often buyers use codes: counted at checkout, under the lock of each buyer's own row."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from foyer.infra.db.engine import Connection

_OPEN = """
INSERT INTO discount_uses (organization_id, discount_id, email_key)
SELECT $1, discount_id, email_key FROM unnest($2::uuid[], $3::text[]) AS new (discount_id, email_key)
ORDER BY discount_id, email_key
ON CONFLICT DO NOTHING
"""

_LOCK = """
SELECT discount_id, email_key, uses FROM discount_uses
WHERE organization_id = $1 AND (discount_id, email_key) IN (SELECT * FROM unnest($2::uuid[], $3::text[]))
ORDER BY discount_id, email_key FOR NO KEY UPDATE
"""

_MOVE = """
UPDATE discount_uses SET uses = discount_uses.uses + m.uses
FROM unnest($2::uuid[], $3::text[], $4::int[]) AS m (discount_id, email_key, uses)
WHERE discount_uses.organization_id = $1 AND discount_uses.discount_id = m.discount_id
  AND discount_uses.email_key = m.email_key
"""


class Use(NamedTuple):
    """One use of a code by the buyer behind an address; `limit` None is no limit."""

    discount_id: UUID
    email_key: str
    limit: int | None = None


async def hold_uses(
    connection: Connection, organization_id: UUID, uses: Sequence[Use]
) -> dict[tuple[UUID, str], int]:
    """Lock the counts behind these uses in key order, opening those that are not there yet; returns them."""
    if not uses:
        return {}
    keys = sorted({use[:2] for use in uses})
    columns = [key[0] for key in keys], [key[1] for key in keys]
    await connection.execute(_OPEN, organization_id, *columns)
    return {(row[0], row[1]): row[2] for row in await connection.fetch(_LOCK, organization_id, *columns)}


async def raise_uses(connection: Connection, organization_id: UUID, uses: Sequence[Use]) -> list[bool]:
    """Count uses in the order given; for each whether it was within its limit. One above it is not counted."""
    counted = await hold_uses(connection, organization_id, uses)
    answers = []
    raised: list[Use] = []
    for use in uses:
        is_within = use.limit is None or counted[use[:2]] < use.limit
        if is_within:
            counted[use[:2]] += 1
            raised.append(use)
        answers.append(is_within)
    await move_uses(connection, organization_id, raised, 1)
    return answers


async def lower_uses(connection: Connection, organization_id: UUID, uses: Sequence[Use]) -> None:
    """Take uses back whose orders do not stand any more."""
    if uses:
        keys = sorted({use[:2] for use in uses})
        await connection.fetch(_LOCK, organization_id, [key[0] for key in keys], [key[1] for key in keys])
        await move_uses(connection, organization_id, uses, -1)


async def move_uses(connection: Connection, organization_id: UUID, uses: Sequence[Use], step: int) -> None:
    """Change the counts of uses that are held by so much each."""
    totals: dict[tuple[UUID, str], int] = {}
    for use in uses:
        totals[use[:2]] = totals.get(use[:2], 0) + step
    if totals:
        await connection.execute(
            _MOVE,
            organization_id,
            [key[0] for key in totals],
            [key[1] for key in totals],
            list(totals.values()),
        )
