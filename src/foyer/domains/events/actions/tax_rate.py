"""Writes of tax rates."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import delete

from foyer.domains.events import rules
from foyer.domains.events.actions.rows import lock_one
from foyer.domains.events.models import TaxRateRow
from foyer.domains.events.queries import NO_TAX_RATE, one_tax_rate, tax_rate_view, types_taxed
from foyer.domains.events.types import TaxRate, TaxRateDraft
from foyer.infra.audit import differences, record
from foyer.infra.db.constraints import in_words
from foyer.infra.db.tx import Tx, own
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, Invalid
from foyer.kernel.ids import uuid7
from foyer.kernel.money import bps_to_percent, percent_to_bps


async def create_tax_rate(tx: Tx, draft: TaxRateDraft, *, actor: Actor) -> TaxRate:
    """Make a tax that ticket types can name.

    Raises:
        Invalid: naming every field that cannot be taken; the name is that of another rate.
    """
    row = TaxRateRow(organization_id=tx.organization_id, id=uuid7())
    _write(row, draft)
    tx.add(row)
    await _flush(tx)
    record(tx, actor, "tax_rate.created", "tax_rate", row.id, {"name": [None, row.name]})
    return tax_rate_view(row)


async def edit_tax_rate(
    tx: Tx,
    tax_rate_id: UUID,
    revise: Callable[[TaxRateDraft], TaxRateDraft],
    *,
    actor: Actor,
    version: int | None = None,
) -> TaxRate:
    """Revise a tax rate under its lock. Orders keep the tax they were made with.

    Raises:
        NotFound, Invalid, PreconditionFailed: see each.
    """
    row = await _lock(tx, tax_rate_id, version)
    before = _draft_of(row)
    _write(row, revise(before))
    row.updated_at = await tx.now()
    await _flush(tx)
    record(tx, actor, "tax_rate.updated", "tax_rate", row.id, differences(before, _draft_of(row)))
    return tax_rate_view(row)


async def delete_tax_rate(tx: Tx, tax_rate_id: UUID, *, actor: Actor, version: int | None = None) -> None:
    """Remove a tax rate that no ticket type names.

    Raises:
        NotFound, PreconditionFailed: see each.
        Conflict: live ticket types name it; the sentence says how many.
    """
    row = await _lock(tx, tax_rate_id, version)
    if count := await types_taxed(tx, tax_rate_id):
        raise Conflict(
            f"{count} ticket {'type has' if count == 1 else 'types have'} this tax rate; give"
            f" {'it' if count == 1 else 'them'} another one first."
        )
    taken = Conflict("A ticket type has just been given this tax rate; look again.")
    with in_words(fk_ticket_types_organization_id_tax_rate_id=taken):
        await tx.execute(delete(TaxRateRow).where(own(TaxRateRow, tx), TaxRateRow.id == tax_rate_id))
    record(tx, actor, "tax_rate.deleted", "tax_rate", tax_rate_id, {"name": [row.name, None]})


async def _lock(tx: Tx, tax_rate_id: UUID, version: int | None) -> TaxRateRow:
    return await lock_one(tx, one_tax_rate(tx, tax_rate_id), version, missing=NO_TAX_RATE, thing="tax rate")


async def _flush(tx: Tx) -> None:
    with in_words(uq_tax_rates_name=Invalid("There is a tax rate of this name already.", field="name")):
        await tx.flush()


def _draft_of(row: TaxRateRow) -> TaxRateDraft:
    return TaxRateDraft(
        name=row.name,
        rate_percentage=float(bps_to_percent(row.rate_bps)),
        inclusive=row.is_inclusive,
        country=row.country,
    )


def _write(row: TaxRateRow, draft: TaxRateDraft) -> None:
    regular, found = rules.regular_tax_rate(draft)
    if found:
        raise Invalid.of(found)
    row.name = regular.name
    row.rate_bps = percent_to_bps(regular.rate_percentage)
    row.is_inclusive = regular.inclusive
    row.country = regular.country
