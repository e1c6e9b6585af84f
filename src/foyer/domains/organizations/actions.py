"""Writes of organizations."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from foyer.domains.organizations import rules
from foyer.domains.organizations.models import OrganizationRow, OrganizationSettingsRow, OrganizationSlugRow
from foyer.domains.organizations.queries import organization_for_staff, organization_view
from foyer.domains.organizations.types import (
    KeptImage,
    OrganizationDraft,
    OrganizationStaff,
    SettingsDraft,
)
from foyer.infra.audit import record
from foyer.infra.db.engine import Database
from foyer.infra.db.tables import FileRow
from foyer.infra.db.tx import Tx, own
from foyer.infra.files import FileStore, Use, developed
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Invalid, NotFound, OverLimit, PreconditionFailed
from foyer.kernel.ids import uuid7
from foyer.kernel.media import Media
from foyer.kernel.money import percent_to_bps
from foyer.kernel.text import email_address, tidy_line

_OWN: Final = ("name", "email", "phone", "website", "logo")
_SETTINGS: Final = (
    "default_currency", "time_zone", "language", "email_notifications", "abandoned_cart_mails", "tax_number",
    "payment_instructions", "primary_color", "secondary_color", "allow_guest_checkout",
    "service_fee_fixed", "ticket_transfers_enabled", "refund_policy", "privacy_policy_url", "terms_of_service_url",
)  # fmt: skip
_PERSONAL: Final = {"email", "phone", "address"}


IMAGES_MAX: Final = 5_000
"""How many pictures an organization may keep."""


async def keep_image(
    database: Database,
    files: FileStore,
    content: bytes,
    *,
    actor: Actor,
    use: Use = Use.PICTURE,
    field: str = "file",
) -> KeptImage:
    """Take a picture from an upload, draw it anew and keep it for the actor's organization; the same one twice is kept once.

    Its address may stand wherever a picture of an event, or the logo, is asked for. No transaction is open while it is drawn.

    Args:
        database: where its row goes.
        files: where it goes itself.
        content: the bytes that were sent; what the file was called or said to be is not believed.
        actor: whose organization it is for.
        use: a logo becomes a PNG of at most 640 pixels a side, any other picture a WebP of at most 2000.
        field: what to call it in a refusal.

    Raises:
        Invalid: it is no PNG, JPEG or WebP picture, too large, or one too many.
        Busy: very many pictures are sent at once.
    """
    picture = await developed(content, use, field=field)
    content_hash = await files.put(picture.content)
    media = Media(actor.organization_id, content_hash, picture.media_type)
    async with database.write(actor.organization_id) as tx:
        uploads = (
            select(func.count()).select_from(FileRow).where(own(FileRow, tx), FileRow.made_from.is_(None))
        )
        known = uploads.where(FileRow.content_hash == content_hash)
        if not await tx.one(known):
            if await tx.one(uploads) >= IMAGES_MAX:
                raise OverLimit(f"At most {IMAGES_MAX} pictures can be kept.", field=field)
            row = FileRow(
                organization_id=tx.organization_id,
                id=uuid7(),
                content_hash=content_hash,
                media_type=picture.media_type,
                size_bytes=len(picture.content),
            )
            tx.add(row)
            record(tx, actor, "image.uploaded", "file", row.id)
    return KeptImage(address=media.address, width=picture.width, height=picture.height)


async def create_organization(tx: Tx, draft: OrganizationDraft, *, is_rehearsal: bool = False) -> UUID:
    """Make the organization that this transaction belongs to, its settings and its slug.

    One for a rehearsal writes to nobody and is removed with every row it has; what it is never changes.

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
            is_rehearsal=is_rehearsal,
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
    revise: Callable[[SettingsDraft], SettingsDraft],
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
    standing = SettingsDraft(**{name: getattr(before, name) for name in SettingsDraft.__struct_fields__})
    regular, found = rules.regular_change(revise(standing), tx.organization_id)
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


def _changes(before: SettingsDraft, after: SettingsDraft) -> dict[str, object]:
    """What changed, under the names of the API; of contact details only that they did."""
    names = {field.name: field.encode_name for field in msgspec.structs.fields(SettingsDraft)}
    changed = {name for name in names if getattr(before, name) != getattr(after, name)}
    return {
        names[name]: "changed" if name in _PERSONAL else [getattr(before, name), getattr(after, name)]
        for name in sorted(changed)
    }
