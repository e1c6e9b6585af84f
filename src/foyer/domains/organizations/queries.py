"""Reads of organizations."""

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from foyer.domains.organizations.models import OrganizationRow, OrganizationSettingsRow, OrganizationSlugRow
from foyer.domains.organizations.types import (
    DEFAULT_PRIMARY,
    DEFAULT_SECONDARY,
    NO_SHOP,
    FeeTerms,
    MailTerms,
    OrganizationAddress,
    OrganizationStaff,
    Seller,
    Shop,
    ShopPublic,
)
from foyer.infra.db.engine import Database
from foyer.infra.db.tables import FileRow
from foyer.infra.db.tx import ReadTx, own
from foyer.infra.fresh import Fresh
from foyer.kernel.errors import NotFound
from foyer.kernel.ids import crockford
from foyer.kernel.media import Media
from foyer.kernel.money import bps_to_percent
from foyer.kernel.text import SLUG, is_slug, slug_of

SUGGESTIONS_MAX: Final = 9


async def organization_by_slug(database: Database, slug: str) -> UUID | None:
    """Whose shop stands under this slug, now or formerly."""
    found = await database.look_up("organization_by_slug", slug)
    return found[0][0] if found else None


async def shops_on_show(database: Database, most: int) -> list[str]:
    """Slugs of the shops with a public event that is not over, in their order; of rehearsals none."""
    return [row[0] for row in await database.look_up("shops_on_show", most)]


async def free_slug(database: Database, name: str) -> str:
    """An address made of a name that nobody has, or had, at this moment; empty where the name gives none."""
    stem = slug_of(name, "")
    if not stem:
        return ""
    for number in range(1, SUGGESTIONS_MAX + 1):
        slug = stem if number == 1 else f"{stem[:56].rstrip('-')}-{number}"
        if is_slug(slug) and await organization_by_slug(database, slug) is None:
            return slug
    return f"{stem[:50].rstrip('-')}-{crockford(6).lower()}"


async def shop(tx: ReadTx) -> Shop | None:
    """The shop of the transaction's organization; None once it is deleted."""
    query = (
        select(OrganizationRow, OrganizationSettingsRow, OrganizationSlugRow.slug)
        .join(OrganizationSettingsRow, OrganizationSettingsRow.organization_id == OrganizationRow.id)
        .join(OrganizationSlugRow, OrganizationSlugRow.organization_id == OrganizationRow.id)
        .where(
            OrganizationRow.id == tx.organization_id,
            own(OrganizationSettingsRow, tx),
            own(OrganizationSlugRow, tx),
        )
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
        language=settings.language,
        reminds_of_carts=settings.abandoned_cart_mails,
    )


async def organization_for_staff(tx: ReadTx) -> OrganizationStaff:
    """The organization of the transaction, with its settings.

    Raises:
        NotFound: it is deleted.
    """
    query = (
        select(OrganizationRow, OrganizationSettingsRow, OrganizationSlugRow.slug)
        .join(OrganizationSettingsRow, OrganizationSettingsRow.organization_id == OrganizationRow.id)
        .join(OrganizationSlugRow, OrganizationSlugRow.organization_id == OrganizationRow.id)
        .where(OrganizationRow.id == tx.organization_id, own(OrganizationSettingsRow, tx))
        .where(
            own(OrganizationSlugRow, tx), OrganizationSlugRow.current, OrganizationRow.deleted_at.is_(None)
        )
    )
    found = await tx.rows(query)
    if not found:
        raise NotFound("There is no such organization.")
    return organization_view(*found[0])


def organization_view(
    row: OrganizationRow, settings: OrganizationSettingsRow, slug: str
) -> OrganizationStaff:
    derived = {
        "slug": slug,
        "address": msgspec.convert(row.address, OrganizationAddress) if row.address else None,
        "service_fee_percentage": float(bps_to_percent(settings.service_fee_bps)),
    }
    same = {
        name: getattr(row if hasattr(row, name) else settings, name)
        for name in OrganizationStaff.__struct_fields__
        if name not in derived
    }
    return OrganizationStaff(**{**same, **derived})


def public_shop(shop: Shop) -> ShopPublic:
    return ShopPublic(**{field: getattr(shop, field) for field in ShopPublic.__struct_fields__})


async def is_live(tx: ReadTx) -> bool:
    """Whether the organization still is one: its credentials end with it."""
    query = select(OrganizationRow.id).where(OrganizationRow.id == tx.organization_id)
    return await tx.first(query.where(OrganizationRow.deleted_at.is_(None))) is not None


async def is_rehearsal(tx: ReadTx) -> bool:
    """Whether it was made to rehearse an on-sale: nothing that it writes may leave the house."""
    return await tx.one(select(OrganizationRow.is_rehearsal).where(OrganizationRow.id == tx.organization_id))


async def time_zone(tx: ReadTx) -> str:
    """On whose clocks the organization reads its days."""
    return await tx.one(select(OrganizationSettingsRow.time_zone).where(own(OrganizationSettingsRow, tx)))


async def fee_terms(tx: ReadTx) -> FeeTerms:
    row = await tx.one(select(OrganizationSettingsRow).where(own(OrganizationSettingsRow, tx)))
    return FeeTerms(
        row.default_currency, row.service_fee_bps, row.service_fee_fixed, row.allow_guest_checkout
    )


async def lets_tickets_change_hands(tx: ReadTx) -> bool:
    """Whether holders may hand their tickets on."""
    query = select(OrganizationSettingsRow.ticket_transfers_enabled).where(own(OrganizationSettingsRow, tx))
    return await tx.one(query)


async def seller(tx: ReadTx) -> Seller:
    """The organization as its documents show it, also where it is deleted: what it sold stays sold."""
    query = (
        select(OrganizationRow, OrganizationSettingsRow)
        .join(OrganizationSettingsRow, OrganizationSettingsRow.organization_id == OrganizationRow.id)
        .where(OrganizationRow.id == tx.organization_id, own(OrganizationSettingsRow, tx))
    )
    row, settings = (await tx.rows(query))[0]
    return Seller(
        name=row.name,
        email=row.email,
        phone=row.phone,
        website=row.website,
        address=row.address or {},
        logo=row.logo,
        primary_color=settings.primary_color or DEFAULT_PRIMARY,
        secondary_color=settings.secondary_color or DEFAULT_SECONDARY,
        time_zone=settings.time_zone,
        tax_number=settings.tax_number,
        payment_instructions=settings.payment_instructions,
        refund_policy=settings.refund_policy,
    )


async def is_image(tx: ReadTx, media: Media) -> bool:
    """Whether this is a picture that the organization has uploaded."""
    query = select(func.count()).select_from(FileRow).where(own(FileRow, tx), FileRow.made_from.is_(None))
    named = query.where(FileRow.content_hash == media.content_hash, FileRow.media_type == media.media_type)
    return await tx.one(named) > 0


async def mail_terms(tx: ReadTx) -> MailTerms:
    row = await tx.one(select(OrganizationSettingsRow).where(own(OrganizationSettingsRow, tx)))
    return MailTerms(row.language, row.time_zone, row.email_notifications)


class ShopWindow:
    """Shops by slug, at most a second old: an on-sale asks for the same one all the time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shops: Fresh[str, Shop] = Fresh(self._look)

    def lately(self, slug: str) -> Shop | None:
        """A shop that was looked up before, however long ago; for a page that must not ask the database."""
        return self._shops.lately(slug)

    def forget(self, organization_id: UUID) -> None:
        """Ask again for whoever wants to see what they have just changed; a slug that is looked up now may be theirs."""
        self._shops.forget_all(
            lambda slug: (lately := self.lately(slug)) is None or lately.id == organization_id
        )

    async def shop(self, slug: str) -> Shop:
        """The shop under this slug; one that was renamed is found under its old slugs too.

        Raises:
            NotFound: nobody has or had this slug, or the organization is deleted.
        """
        return await self._shops.get(slug)

    async def _look(self, slug: str) -> Shop:
        organization_id = await organization_by_slug(self._database, slug) if SLUG.fullmatch(slug) else None
        if organization_id is not None:
            async with self._database.read(organization_id) as tx:
                found = await shop(tx)
            if found is not None:
                return found
        raise NotFound(NO_SHOP)
