"""Reads of inventory."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from foyer.domains.inventory.models import PoolRow
from foyer.domains.inventory.types import Pool
from foyer.infra.db.tx import ReadTx, own


async def pools_by_id(tx: ReadTx, ids: Iterable[UUID]) -> dict[UUID, Pool]:
    rows = await tx.all(select(PoolRow).where(own(PoolRow, tx), PoolRow.id.in_(set(ids))))
    return {row.id: Pool(row.id, row.capacity, row.held, row.sold) for row in rows}
