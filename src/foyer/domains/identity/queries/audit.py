"""Who of the staff did what, told with their names."""

from sqlalchemy import func, select

from foyer.domains.identity.models import ApiKeyRow, DeviceRow, UserRow
from foyer.domains.identity.types import AuditActor, AuditEntry, AuditFilter
from foyer.infra.db.tables import AuditRow
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.paging import Page, read_cursor, write_cursor


async def audit_log(tx: ReadTx, wanted: AuditFilter, *, cursor: str | None, limit: int) -> Page[AuditEntry]:
    """What was done, the latest first.

    Raises:
        Invalid: the cursor is none of ours.
    """
    name = func.coalesce(UserRow.name, ApiKeyRow.name, DeviceRow.name, "")
    query = select(AuditRow, name).where(own(AuditRow, tx))
    for actor in (UserRow, ApiKeyRow, DeviceRow):
        query = query.outerjoin(actor, own(actor, tx) & (actor.id == AuditRow.actor_id))
    if wanted.subject_id is not None:
        query = query.where(AuditRow.subject_id == wanted.subject_id)
    if wanted.actor_id is not None:
        query = query.where(AuditRow.actor_id == wanted.actor_id)
    if (after := read_cursor(cursor)) is not None:
        query = query.where(AuditRow.id < after)
    rows = await tx.rows(query.order_by(AuditRow.id.desc()).limit(limit + 1))
    entries = [
        AuditEntry(
            id=row.id,
            created_at=row.created_at,
            action=row.action,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            actor=AuditActor(kind=row.actor_kind, id=row.actor_id, name=by),
            changes=row.changes,
        )
        for row, by in rows[:limit]
    ]
    return Page(entries, write_cursor(entries[-1].id) if len(rows) > limit else None)
