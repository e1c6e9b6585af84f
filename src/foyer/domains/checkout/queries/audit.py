"""The books of one organization beside each other."""

from collections.abc import AsyncGenerator
from typing import Final
from uuid import UUID

from foyer.domains.checkout.queries.check import Check
from foyer.domains.checkout.queries.ledger import LEDGER
from foyer.domains.checkout.queries.lines import LINES
from foyer.domains.checkout.queries.money import MONEY
from foyer.domains.checkout.queries.places import PLACES
from foyer.domains.checkout.queries.states import STATES
from foyer.domains.checkout.types import Difference
from foyer.infra.db.engine import Connection

CHECKS: Final[tuple[Check, ...]] = (*PLACES, *LINES, *MONEY, *LEDGER, *STATES)
PREFETCHED: Final = 200


async def audit(connection: Connection, organization_id: UUID) -> AsyncGenerator[Difference, None]:
    """Everything in which the books of an organization differ, check by check; nothing when all is well.

    Args:
        connection: in a transaction that sees one moment throughout, or else a busy house would seem to be in disorder.
        organization_id: whose books.
    """
    for check in CHECKS:
        found = connection.cursor(check.sql, organization_id, *check.parameters, prefetch=PREFETCHED)
        async for subject_id, expected, actual in found:
            yield Difference(check.name, check.subject, subject_id, expected, actual, check.sentence)


async def counted(connection: Connection, organization_id: UUID) -> tuple[int, int]:
    """How many orders and tickets an organization has."""
    row = await connection.fetchrow(
        "SELECT (SELECT count(*) FROM orders WHERE organization_id = $1),"
        " (SELECT count(*) FROM tickets WHERE organization_id = $1)",
        organization_id,
    )
    assert row is not None, "counts are always there"
    return row[0], row[1]
