"""Reads of organizations."""

from uuid import UUID

from sqlalchemy import select

from foyer.domains.organizations.models import OrganizationRow, OrganizationSettingsRow, OrganizationSlugRow
from foyer.domains.organizations.types import Shop, ShopPublic
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import ReadTx, own

DEFAULT_PRIMARY = "#58188f"
DEFAULT_SECONDARY = "#f6a31c"


async def organization_by_slug(database: Database, slug: str) -> UUID | None:
    """Whose shop stands under this slug, now or formerly."""
    found = await database.look_up("organization_by_slug", slug)
    return found[0][0] if found else None


async def shop(tx: ReadTx) -> Shop | None:
    """This organization's shop; None once it is deleted."""
    query = (
        select(OrganizationRow, OrganizationSettingsRow, OrganizationSlugRow.slug)
        .join(OrganizationSettingsRow, OrganizationSettingsRow.organization_id == OrganizationRow.id)
        .join(OrganizationSlugRow, OrganizationSlugRow.organization_id == OrganizationRow.id)
        .where(OrganizationRow.id == tx.organization_id, own(OrganizationSettingsRow, tx), own(OrganizationSlugRow, tx))
        .where(OrganizationSlugRow.current, OrganizationRow.deleted_at.is_(None))
    )
    found = await tx.rows(query)
    if not found:
        return None
    row, settings, slug = found[0]
    return Shop(
        id=row.id,
        slug=slug,
        name=row.name,
        email=row.email,
        phone=row.phone,
        website=row.website,
        logo=row.logo,
        primary_color=settings.primary_color or DEFAULT_PRIMARY,
        secondary_color=settings.secondary_color or DEFAULT_SECONDARY,
        default_currency=settings.default_currency,
        service_fee_bps=settings.service_fee_bps,
        service_fee_fixed=settings.service_fee_fixed,
        allow_guest_checkout=settings.allow_guest_checkout,
        refund_policy=settings.refund_policy,
        privacy_policy_url=settings.privacy_policy_url,
        terms_of_service_url=settings.terms_of_service_url,
    )


def public_shop(shop: Shop) -> ShopPublic:
    return ShopPublic(**{field: getattr(shop, field) for field in ShopPublic.__struct_fields__})
