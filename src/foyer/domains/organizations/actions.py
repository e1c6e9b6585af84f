"""Writes of organizations."""

from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert

from foyer.domains.organizations import rules
from foyer.domains.organizations.models import OrganizationRow, OrganizationSettingsRow, OrganizationSlugRow
from foyer.domains.organizations.types import OrganizationDraft
from foyer.infra.db.tx import Tx
from foyer.kernel.errors import Invalid
from foyer.kernel.ids import uuid7
from foyer.kernel.text import email_address, tidy_line


async def create_organization(tx: Tx, draft: OrganizationDraft) -> UUID:
    """Make the organization that this transaction belongs to, its settings and its slug.

    Raises:
        Invalid: a field cannot be taken, or the slug belongs to somebody.
    """
    if found := rules.findings_in(draft):
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
