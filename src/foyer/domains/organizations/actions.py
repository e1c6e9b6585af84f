"""Writes of organizations."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from foyer.domains.organizations import rules
from foyer.domains.organizations.models import OrganizationRow, OrganizationSettingsRow, OrganizationSlugRow
from foyer.domains.organizations.queries import organization_for_staff, organization_view
from foyer.domains.organizations.types import OrganizationChange, OrganizationDraft, OrganizationStaff
from foyer.infra.audit import record
from foyer.infra.db.tx import Tx, own
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Invalid, NotFound, PreconditionFailed
from foyer.kernel.ids import uuid7
from foyer.kernel.money import percent_to_bps
from foyer.kernel.text import email_address, tidy_line

_OWN: Final = ("name", "email", "phone", "website", "logo")
_SETTINGS: Final = (
    "default_currency", "time_zone", "email_notifications", "primary_color", "secondary_color", "allow_guest_checkout",
    "service_fee_fixed", "ticket_transfers_enabled", "refund_policy", "privacy_policy_url", "terms_of_service_url",
)  # fmt: skip
_PERSONAL: Final = {"email", "phone", "address"}


async def create_organization(tx: Tx, draft: OrganizationDraft) -> UUID:
    """Make the organization that this transaction belongs to, its settings and its slug.

    Raises:
        Invalid: a field cannot be taken, or the slug belongs to somebody.
    """
    if found := rules.organization_findings(draft):
        raise Invalid.of(found)
    await tx.execute(
        insert(OrganizationRow).values(
            id=tx.organization_id,
            name=tidy_line(draft.name),
            email=email_address(draft.email),
            website=draft.website,
        )
    )
    slug = upsert(OrganizationSlugRow).values(
        slug=draft.slug, organization_id=tx.organization_id, current=True
    )
    if not await tx.execute(slug.on_conflict_do_nothing()):
        raise Invalid("This address is taken; choose another one.", field="slug")
    settings = OrganizationSettingsRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        default_currency=draft.default_currency,
        primary_color=draft.primary_color and draft.primary_color.lower(),
        secondary_color=draft.secondary_color and draft.secondary_color.lower(),
        service_fee_bps=draft.service_fee_bps,
        service_fee_fixed=draft.service_fee_fixed,
        refund_policy=draft.refund_policy,
    )
    tx.add(settings)
    await tx.flush()
    return tx.organization_id


async def edit_organization(
    tx: Tx,
    revise: Callable[[OrganizationChange], OrganizationChange],
    *,
    actor: Actor,
    version: int | None = None,
) -> OrganizationStaff:
    """Revise what an organization says of itself and how it sells, under its lock. What is sold already stays as it was.

    Args:
        tx: the transaction.
        revise: makes the new state of the one that stands.
        actor: who edits.
        version: what the version must still be, if it matters.

    Raises:
        Invalid: naming every field that cannot be taken; the slug is somebody else's.
        NotFound, PreconditionFailed: see each.
    """
    locked = await tx.lock(select(OrganizationRow).where(OrganizationRow.id == tx.organization_id))
    if not locked or locked[0].deleted_at is not None:
        raise NotFound("There is no such organization.")
    row = locked[0]
    if version is not None and version != row.version:
        raise PreconditionFailed("Somebody changed these settings in between; load them again.")
    settings = (await tx.lock(select(OrganizationSettingsRow).where(own(OrganizationSettingsRow, tx))))[0]
    before = await organization_for_staff(tx)
    standing = OrganizationChange(
        **{name: getattr(before, name) for name in OrganizationChange.__struct_fields__}
    )
    regular, found = rules.regular_change(revise(standing))
    if found:
        raise Invalid.of(found)
    if regular.slug != before.slug:
        await _move_to(tx, regular.slug)
    for name in _OWN:
        setattr(row, name, getattr(regular, name))
    row.address = msgspec.to_builtins(regular.address)
    for name in _SETTINGS:
        setattr(settings, name, getattr(regular, name))
    settings.service_fee_bps = percent_to_bps(regular.service_fee_percentage)
    row.updated_at = settings.updated_at = await tx.now()
    record(tx, actor, "organization.updated", "organization", row.id, _changes(standing, regular))
    await tx.flush()
    return organization_view(row, settings, regular.slug)


async def _move_to(tx: Tx, slug: str) -> None:
    """Make this the current slug; the ones before stay ours and lead to it."""
    mine = upsert(OrganizationSlugRow).values(slug=slug, organization_id=tx.organization_id, current=False)
    await tx.execute(mine.on_conflict_do_nothing())
    own_slugs = update(OrganizationSlugRow).where(own(OrganizationSlugRow, tx))
    await tx.execute(own_slugs.where(OrganizationSlugRow.current).values(current=False))
    if not await tx.execute(own_slugs.where(OrganizationSlugRow.slug == slug).values(current=True)):
        raise Invalid("This address is taken; choose another one.", field="slug")


def _changes(before: OrganizationChange, after: OrganizationChange) -> dict[str, object]:
    """What changed, under the names of the API; of contact details only that they did."""
    names = {field.name: field.encode_name for field in msgspec.structs.fields(OrganizationChange)}
    changed = {name for name in names if getattr(before, name) != getattr(after, name)}
    return {
        names[name]: "changed" if name in _PERSONAL else [getattr(before, name), getattr(after, name)]
        for name in sorted(changed)
    }
