"""What happened to a row: the facts about it, and who of the staff did what to it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from foyer.infra.db.tables import AuditRow, FactRow
from foyer.infra.db.tx import ReadTx, among, own


class Happened(NamedTuple):
    """One thing that happened: `name` is the fact's type, or what was done; `body` what is told of it."""

    id: UUID
    name: str
    subject_id: UUID
    actor_kind: str
    actor_id: UUID | None
    body: dict[str, Any]
    at: datetime


async def facts_about(tx: ReadTx, subject_ids: Collection[UUID], *, most: int) -> list[Happened]:
    """The latest facts about these rows, the newest first."""
    query = select(FactRow).where(own(FactRow, tx), among(FactRow.subject_id, subject_ids))
    return [
        Happened(row.id, row.type, row.subject_id, row.actor_kind, row.actor_id, row.body, row.created_at)
        for row in await tx.all(query.order_by(FactRow.id.desc()).limit(most))
    ]


async def acts_upon(tx: ReadTx, subject_ids: Collection[UUID], *, most: int) -> list[Happened]:
    """What staff did last to these rows, the newest first."""
    query = select(AuditRow).where(own(AuditRow, tx), among(AuditRow.subject_id, subject_ids))
    return [
        Happened(
            row.id, row.action, row.subject_id, row.actor_kind, row.actor_id, row.changes, row.created_at
        )
        for row in await tx.all(query.order_by(AuditRow.id.desc()).limit(most))
    ]
