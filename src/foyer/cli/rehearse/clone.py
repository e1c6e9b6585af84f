"""The event once more, in an organization that exists for the rehearsal alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from foyer.cli.rehearse.buyer import Shop
from foyer.cli.rehearse.original import Original
from foyer.cli.rehearse.plan import Kind
from foyer.domains.events import (
    add_ticket_type,
    create_discount,
    create_event,
    create_pool,
    create_tax_rate,
    publish_event,
)
from foyer.domains.events.types import (
    DiscountDraft,
    DiscountState,
    EventDraft,
    EventStaff,
    SharedPool,
    SharedPoolDraft,
    TaxRateDraft,
    TicketTypeDraft,
    TicketTypeStaff,
    Visibility,
)
from foyer.domains.identity import add_user
from foyer.domains.identity.types import UserDraft
from foyer.domains.organizations import create_organization, edit_organization
from foyer.domains.organizations.types import OrganizationDraft, SettingsDraft
from foyer.domains.tickets import create_signing_key
from foyer.infra.crypto import Keyring
from foyer.infra.db.tx import Tx
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.ids import crockford
from foyer.kernel.permissions import ALL
from foyer.settings import SettingsError

NOBODY: Final = "nobody@rehearsal.example"
"""`.example` is reserved (RFC 2606): no mail can be delivered there."""
_EVENT: Final = frozenset(EventDraft.__struct_fields__) - {
    "slug", "visibility", "featured_image", "gallery_images", "virtual_event_url", "sales_start_date", "sales_end_date",
    "capacity", "series",
}  # fmt: skip
_TYPE: Final = frozenset(TicketTypeDraft.__struct_fields__) - {
    "is_free", "sales_start_date", "sales_end_date", "quantity", "tax_rate_id",
}  # fmt: skip
_CODE: Final = frozenset(DiscountDraft.__struct_fields__) - {"ticket_type_ids"}
_HOUSE: Final = frozenset(SettingsDraft.__struct_fields__) - {
    "name", "slug", "email", "phone", "website", "logo", "abandoned_cart_mails", "allow_guest_checkout",
}  # fmt: skip


class Clone(NamedTuple):
    """What is rehearsed with."""

    organization_id: UUID
    slug: str
    event: EventStaff
    places: int
    code: str | None

    def shop(self, url: str) -> Shop:
        return Shop(
            url=url,
            slug=self.slug,
            event_id=str(self.event.id),
            event_slug=self.event.slug,
            kinds=kinds_of(self.event),
            code=self.code,
        )


def places_of(event: EventStaff, pools: Sequence[SharedPool]) -> int:
    """How many places there are: those of the ticket types that buyers see, as far as areas and the event have room."""
    shown = {kind.id: kind.quantity for kind in event.ticket_types if not kind.is_hidden}
    wanted = {pool.id: sum(shown.get(one, 0) for one in pool.ticket_type_ids) for pool in pools}
    places = sum(shown.values()) - sum(max(0, wanted[pool.id] - pool.capacity) for pool in pools)
    return min(places, event.capacity) if event.capacity else places


def kinds_of(event: EventStaff) -> list[Kind]:
    """The ticket types that buyers see, in the order of the shop."""
    return [
        Kind(str(kind.id), kind.quantity, kind.min_per_order, kind.max_per_order)
        for kind in event.ticket_types
        if not kind.is_hidden and kind.quantity
    ]


def require_sellable(original: Original, now: datetime) -> None:
    """Refuse an event that cannot be rehearsed.

    Raises:
        SettingsError: with the sentence that says what it lacks.
    """
    event = original.event
    if places_of(event, original.pools) <= 0:
        raise SettingsError(f"{event.title!r} has no ticket type with places yet; add one, then rehearse.")
    if event.ends_at <= now:
        raise SettingsError(f"{event.title!r} is over; rehearse one that is still to come.")


async def make_clone(
    tx: Tx, keyring: Keyring, original: Original, *, places: int | None, lead: timedelta
) -> Clone:
    """Make the throw-away organization of this transaction and the event in it, on sale after `lead`.

    Args:
        tx: a transaction of an organization that is not there yet.
        keyring: seals its signing key.
        original: what is copied.
        places: how many places to sell instead, spread over the ticket types as the original's are.
        lead: from now to the opening.
    """
    name = f"rehearsal-{crockford(12).lower()}"
    draft = OrganizationDraft(name=f"Rehearsal of {original.house.name}"[:120], slug=name, email=NOBODY)
    await create_organization(tx, draft, is_rehearsal=True)
    await create_signing_key(tx, keyring)
    staff = UserDraft(name="Rehearsal", email=NOBODY, password=crockford(24), role="owner")
    user_id = await add_user(tx, staff, password_hash="none")  # noqa: S106 - nobody signs in with it
    actor = Actor(ActorKind.USER, tx.organization_id, user_id, user_id, staff.name, ALL)
    await edit_organization(tx, lambda standing: _as_original(standing, original), actor=actor)
    opens_at = await tx.now() + lead
    share = 1.0 if places is None else places / places_of(original.event, original.pools)
    event = await create_event(tx, _event(original.event, places, opens_at), actor=actor)
    taxes = {
        rate.id: (await create_tax_rate(tx, _same(TaxRateDraft, rate), actor=actor)).id
        for rate in original.taxes
    }
    types: dict[UUID, UUID] = {}
    for kind in original.event.ticket_types:
        rate = taxes[kind.tax_rate_id] if kind.tax_rate_id else None
        types[kind.id] = (await add_ticket_type(tx, event.id, _type(kind, rate, share), actor=actor)).id
    areas = []
    for pool in original.pools:
        members = [types[one] for one in pool.ticket_type_ids if one in types]
        area = SharedPoolDraft(name=pool.name, capacity=ceil(pool.capacity * share), ticket_type_ids=members)
        areas.append(await create_pool(tx, event.id, area, actor=actor))
    for code in original.codes:
        named = [types[one] for one in code.ticket_type_ids if one in types]
        copied = {field: getattr(code, field) for field in _CODE}
        await create_discount(tx, DiscountDraft(**copied, ticket_type_ids=named), actor=actor)
    event, _ = await publish_event(tx, event.id, actor=actor)
    usable = [one.code for one in original.codes if one.state is DiscountState.ACTIVE]
    return Clone(tx.organization_id, name, event, places_of(event, areas), usable[0] if usable else None)


def _as_original(standing: SettingsDraft, original: Original) -> SettingsDraft:
    return msgspec.structs.replace(
        standing, **{name: getattr(original.house, name) for name in _HOUSE}, allow_guest_checkout=True
    )


def _event(event: EventStaff, places: int | None, opens_at: datetime) -> EventDraft:
    draft = EventDraft(
        **{name: getattr(event, name) for name in _EVENT},
        visibility=Visibility.UNLISTED,
        sales_start_date=opens_at,
        capacity=event.capacity if places is None else places,
    )
    # What takes place online has an address that only its holders know, and this one is nobody's.
    online = event.location_type != "physical"
    return msgspec.structs.replace(draft, virtual_event_url="https://rehearsal.example/") if online else draft


def _type(kind: TicketTypeStaff, tax_rate_id: UUID | None, share: float) -> TicketTypeDraft:
    same = {name: getattr(kind, name) for name in _TYPE}
    return TicketTypeDraft(**same, quantity=ceil(kind.quantity * share), tax_rate_id=tax_rate_id)


def _same(draft: type[TaxRateDraft], rate: object) -> TaxRateDraft:
    return draft(**{name: getattr(rate, name) for name in draft.__struct_fields__})
