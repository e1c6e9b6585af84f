"""Facts are rows, written in the transaction of the change they tell of; with them go the jobs of who reacts to them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from foyer.infra.db.engine import Connection, Database
from foyer.infra.db.tables import FactRow, ReactionDoneRow
from foyer.infra.db.tx import ReadTx, Tx, own
from foyer.infra.jobs import Queued, headers
from foyer.kernel.actor import Actor
from foyer.kernel.facts import Fact
from foyer.kernel.ids import uuid7

F = TypeVar("F", bound=Fact)

PREFIX: Final = "react:"


@dataclass(frozen=True, slots=True)
class Reaction(Generic[F]):
    """What somebody does because of a fact: in one transaction of the fact's organization, once in effect.

    It writes rows and enqueues jobs; it never leaves the house.
    """

    name: str
    to: type[F]
    do: Callable[[Tx, F], Awaitable[None]]

    @property
    def entrypoint(self) -> str:
        """Under what the queue knows it."""
        return PREFIX + self.name


_reactions: dict[str, tuple[Reaction[Any], ...]] = {}


def register(*reactions: Reaction[Any]) -> None:
    """Let facts published in this process from now on have these reactions; naming the same one again changes nothing."""
    for reaction in reactions:
        standing = _reactions.get(reaction.to.type, ())
        if reaction not in standing:
            assert all(one.name != reaction.name for one in standing), f"two reactions named {reaction.name}"
            _reactions[reaction.to.type] = (*standing, reaction)


def publish(tx: Tx, actor: Actor, fact: Fact) -> None:
    """State a fact; it and the jobs of its reactions are there exactly when the transaction is."""
    fact_id = uuid7()
    tx.add(
        FactRow(
            organization_id=tx.organization_id,
            id=fact_id,
            type=fact.type,
            subject_id=fact.subject_id,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            body=msgspec.to_builtins(fact),
        )
    )
    for reaction in _reactions.get(fact.type, ()):
        tx.add(
            Queued(
                entrypoint=reaction.entrypoint,
                dedupe_key=_once(fact_id, reaction),
                payload=fact_id.bytes,
                headers=headers(tx.organization_id),
            )
        )


_PUBLISH_MANY = """
INSERT INTO facts (organization_id, id, type, subject_id, actor_kind, actor_id, body)
SELECT $1, id, type, subject_id, actor_kind, actor_id, body
FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::jsonb[])
  AS new (id, type, subject_id, actor_kind, actor_id, body)
"""
_REACT_MANY = f"""
WITH told AS ({_PUBLISH_MANY})
INSERT INTO jobs.pgqueuer (priority, status, headers, entrypoint, dedupe_key, payload)
SELECT 0, 'queued', $8, entrypoint, dedupe_key, payload
FROM unnest($9::text[], $10::text[], $11::bytea[]) AS new (entrypoint, dedupe_key, payload)
"""  # noqa: S608 - the statement above


async def publish_many(
    connection: Connection, organization_id: UUID, stated: Sequence[tuple[Actor, Fact]]
) -> None:
    """As `publish`, for the desks: all facts of a batch, each with who did it, and all jobs in one statement."""
    if not stated:
        return
    ids = [uuid7() for _ in stated]
    told = (
        organization_id,
        ids,
        [fact.type for _, fact in stated],
        [fact.subject_id for _, fact in stated],
        [actor.kind.value for actor, _ in stated],
        [actor.id for actor, _ in stated],
        [msgspec.json.encode(fact).decode() for _, fact in stated],
    )
    wanted = [
        (fact_id, reaction)
        for fact_id, (_, fact) in zip(ids, stated, strict=True)
        for reaction in _reactions.get(fact.type, ())
    ]
    if not wanted:
        await connection.execute(_PUBLISH_MANY, *told)
        return
    await connection.execute(
        _REACT_MANY,
        *told,
        msgspec.json.encode(headers(organization_id)).decode(),
        [reaction.entrypoint for _, reaction in wanted],
        [_once(fact_id, reaction) for fact_id, reaction in wanted],
        [fact_id.bytes for fact_id, _ in wanted],
    )


async def times_told(tx: ReadTx, fact: type[Fact], subject_id: UUID, *, since: datetime) -> int:
    """How often a fact of this kind was stated of a subject since a moment."""
    query = select(func.count()).where(
        own(FactRow, tx),
        FactRow.subject_id == subject_id,
        FactRow.type == fact.type,
        FactRow.created_at >= since,
    )
    return await tx.one(query)


def _once(fact_id: UUID, reaction: Reaction[Any]) -> str:
    return f"{fact_id}:{reaction.name}"


async def react(database: Database, reaction: Reaction[F], organization_id: UUID, fact_id: UUID) -> bool:
    """Do what a fact calls for, unless it is done already; returns whether it was done now.

    A worker may be killed at any moment, so a job can come twice. The row that says "done" is written with the effect itself.
    """
    async with database.write(organization_id) as tx:
        done = insert(ReactionDoneRow).values(
            organization_id=organization_id, fact_id=fact_id, reaction=reaction.name
        )
        if not await tx.execute(done.on_conflict_do_nothing()):
            return False
        row = await tx.one(select(FactRow).where(own(FactRow, tx), FactRow.id == fact_id))
        await reaction.do(tx, msgspec.convert(row.body, reaction.to))
        return True
