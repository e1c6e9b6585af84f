"""Facts are rows, written in the transaction of the change they tell of."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from foyer.infra.db.engine import Connection
from foyer.infra.db.tables import FactRow
from foyer.infra.db.tx import Tx
from foyer.kernel.actor import Actor
from foyer.kernel.facts import Fact
from foyer.kernel.ids import uuid7


def publish(tx: Tx, actor: Actor, fact: Fact) -> None:
    """State a fact; it is there exactly when the transaction is."""
    tx.add(
        FactRow(
            organization_id=tx.organization_id,
            id=uuid7(),
            type=fact.type,
            subject_id=fact.subject_id,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            body=msgspec.to_builtins(fact),
        )
    )


_PUBLISH_MANY = """
INSERT INTO facts (organization_id, id, type, subject_id, actor_kind, actor_id, body)
SELECT $1, id, type, subject_id, actor_kind, actor_id, body
FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::jsonb[])
  AS new (id, type, subject_id, actor_kind, actor_id, body)
"""


async def publish_many(
    connection: Connection, organization_id: UUID, stated: Sequence[tuple[Actor, Fact]]
) -> None:
    """As `publish`, for the desks: all facts of a batch in one statement, each with who did it."""
    if stated:
        await connection.execute(
            _PUBLISH_MANY,
            organization_id,
            [uuid7() for _ in stated],
            [fact.type for _, fact in stated],
            [fact.subject_id for _, fact in stated],
            [actor.kind.value for actor, _ in stated],
            [actor.id for actor, _ in stated],
            [msgspec.json.encode(fact).decode() for _, fact in stated],
        )
