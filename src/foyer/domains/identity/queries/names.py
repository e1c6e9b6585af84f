"""What those are called who do things: staff, keys and devices by their ids."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, union_all

from foyer.domains.identity.models import ApiKeyRow, DeviceRow, UserRow
from foyer.infra.db.tx import ReadTx, among, own


async def names_of(tx: ReadTx, ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of users, API keys and door devices, whatever became of them since."""
    if not ids:
        return {}
    kinds = (UserRow, ApiKeyRow, DeviceRow)
    queries = [select(kind.id, kind.name).where(own(kind, tx), among(kind.id, ids)) for kind in kinds]
    found = union_all(*queries).subquery()
    return {row_id: str(name) for row_id, name in await tx.rows(select(found.c.id, found.c.name))}
