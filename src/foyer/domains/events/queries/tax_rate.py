"""Reads of tax rates."""

from uuid import UUID

from sqlalchemy import Select, func, select

from foyer.domains.events.models import TaxRateRow, TicketTypeRow
from foyer.domains.events.types import TaxRate
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.errors import NotFound
from foyer.kernel.money import bps_to_percent
from foyer.kernel.paging import Page, read_cursor, write_cursor

NO_TAX_RATE = "There is no such tax rate."


def one_tax_rate(tx: ReadTx, tax_rate_id: UUID) -> Select[TaxRateRow]:
    return select(TaxRateRow).where(own(TaxRateRow, tx), TaxRateRow.id == tax_rate_id)


async def tax_rate(tx: ReadTx, tax_rate_id: UUID) -> TaxRate:
    """One tax rate.

    Raises:
        NotFound: it does not exist, or belongs to another organization.
    """
    row = await tx.first(one_tax_rate(tx, tax_rate_id))
    if row is None:
        raise NotFound(NO_TAX_RATE)
    return tax_rate_view(row)


async def tax_rates(tx: ReadTx, *, cursor: str | None, limit: int) -> Page[TaxRate]:
    """Tax rates, the newest first."""
    query = select(TaxRateRow).where(own(TaxRateRow, tx))
    if (after := read_cursor(cursor)) is not None:
        query = query.where(TaxRateRow.id < after)
    rows = await tx.all(query.order_by(TaxRateRow.id.desc()).limit(limit + 1))
    more = write_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page([tax_rate_view(row) for row in rows[:limit]], more)


async def types_taxed(tx: ReadTx, tax_rate_id: UUID) -> int:
    """How many live ticket types name this rate."""
    return await tx.one(
        select(func.count()).select_from(TicketTypeRow).where(
            own(TicketTypeRow, tx), TicketTypeRow.tax_rate_id == tax_rate_id, TicketTypeRow.deleted_at.is_(None)
        )
    )  # fmt: skip


def tax_rate_view(row: TaxRateRow) -> TaxRate:
    return TaxRate(
        id=row.id,
        name=row.name,
        rate_percentage=float(bps_to_percent(row.rate_bps)),
        inclusive=row.is_inclusive,
        country=row.country,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
