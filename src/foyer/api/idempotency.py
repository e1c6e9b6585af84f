"""`Idempotency-Key` on writes that are not carts or orders: which resource a key has made is a row beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from foyer.api.access import acting
from foyer.api.requests import AnyRequest, replay_of
from foyer.domains.carts import Replay
from foyer.infra.db.tx import Tx
from foyer.infra.idempotency import claim, settle
from foyer.kernel.errors import Conflict, IdempotencyMismatch, NotFound
from foyer.kernel.ids import uuid7


@dataclass(slots=True)
class Earlier:
    """What the key of this request has made before, and what it makes now."""

    resource_id: UUID | None = None
    made: UUID | None = None

    def remember(self, resource_id: UUID) -> None:
        self.made = resource_id


async def named(request: AnyRequest) -> Replay | None:
    """What the key of this request stands for: who sends it, where to, and what; None where it has none."""
    actor = acting(request)
    body = request.method.encode() + request.scope["path"].encode() + (await request.body() or b"{}")
    return replay_of(request, f"{actor.kind} {actor.id}", body)


@asynccontextmanager
async def once(tx: Tx, request: AnyRequest) -> AsyncIterator[Earlier]:
    """Let a request with a key happen once; without a key it simply happens.

    Raises:
        IdempotencyMismatch: the key was used for another body.
        Conflict: the same request is being served at this moment, or what the key has made is deleted since.
    """
    replay = await named(request)
    if replay is None:
        yield Earlier()
        return
    placeholder = uuid7()
    standing = await claim(tx, replay.actor_hash, replay.key, replay.body_hash, placeholder)
    if standing is not None and standing.body_hash != replay.body_hash:
        raise IdempotencyMismatch
    earlier = Earlier(resource_id=standing.resource_id if standing else None)
    try:
        yield earlier
    except NotFound:
        if earlier.resource_id is None:
            raise
        sentence = "What this Idempotency-Key has made is deleted; use a new key to make another."
        raise Conflict(sentence, field="Idempotency-Key") from None
    if earlier.made is not None:
        await settle(tx, placeholder, earlier.made)
