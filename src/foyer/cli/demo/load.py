"""Loading the demo through the same actions that organizers use."""

import asyncio
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from foyer.background import REACTIONS
from foyer.cli.demo.content import DemoEvent, DemoShop, shops
from foyer.cli.demo.file import FILE, Demo, DemoEventKeys, DemoOrganization, DemoOwner, DemoType, write_demo
from foyer.cli.demo.hasty import HastyDatabase
from foyer.cli.demo.history import History, House, history_of
from foyer.domains.checkout import Desks
from foyer.domains.events import (
    add_question,
    add_ticket_type,
    create_discount,
    create_event,
    create_pool,
    create_tax_rate,
    event_for_staff,
    publish_event,
)
from foyer.domains.events.types import EventStaff, SharedPoolDraft
from foyer.domains.identity import add_user, issue_api_key, issue_device
from foyer.domains.identity.types import UserDraft
from foyer.domains.organizations import create_organization, edit_organization, organization_by_slug
from foyer.domains.organizations.types import SettingsDraft
from foyer.domains.tickets import create_signing_key
from foyer.infra.crypto import Keyring
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import Tx
from foyer.infra.outbox import register
from foyer.infra.secret import keyring_for
from foyer.kernel.access import CHECK_IN
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.ids import uuid7
from foyer.kernel.permissions import ALL
from foyer.settings import Settings

BEGUN: Final = timedelta(days=60)
"""How long ago the organizers of the demo have begun to sell."""


async def load_missing(
    settings: Settings, database_url: str, known: list[DemoOrganization]
) -> list[DemoOrganization]:
    """Make the shops that are not there; each is written down as soon as it stands."""
    today = HastyDatabase(database_url, pool_size=2)
    database = HastyDatabase(database_url, pool_size=2, clock_offset=-BEGUN)
    loaded: list[DemoOrganization] = []
    histories: list[History] = []
    try:
        keyring = await keyring_for(today, settings)
        now = await _now(today)
        for shop in shops(now.date()):
            before = next((one for one in known if one.slug == shop.organization.slug), None)
            if await organization_by_slug(today, shop.organization.slug) is None:
                found, house, events = await _open(database, keyring, shop, now)
                loaded.append(found)
                write_demo(settings.data / FILE, Demo(base_url=settings.base_url, organizations=loaded))
                histories.append(history_of(house, events))
            elif before is not None:
                loaded.append(before)
        await asyncio.gather(*(one.long_ago() for one in histories))
        register(*REACTIONS)
        await asyncio.gather(*(one.lately() for one in histories))
    finally:
        await asyncio.gather(*(one.house.desks.close() for one in histories))
        await today.close()
        await database.close()
    return loaded


def _desks(url: str, keyring: Keyring) -> Desks:
    return Desks(HastyDatabase(url, pool_size=5), keyring, max_batch=256)


async def _now(database: Database) -> datetime:
    async with database.read(uuid7()) as tx:
        return await tx.now()


async def _open(
    database: Database, keyring: Keyring, shop: DemoShop, now: datetime
) -> tuple[DemoOrganization, House, list[tuple[DemoEvent, EventStaff]]]:
    organization_id = uuid7()
    owner = DemoOwner(email=f"owner@{shop.organization.slug}.example", password=secrets.token_urlsafe(12))
    async with database.write(organization_id) as tx:
        await create_organization(tx, shop.organization)
        await create_signing_key(tx, keyring)
        draft = UserDraft(name=shop.owner, email=owner.email, password=owner.password, role="owner")
        user_id = await add_user(tx, draft)
        actor = Actor(ActorKind.USER, organization_id, user_id, user_id, shop.owner, ALL)
        api_key = await issue_api_key(tx, user_id=user_id, name="Demo", scopes=["*"])
        device = await issue_device(tx, user_id=user_id, name="Main door", all_events=True)
        rates = {draft.name: (await create_tax_rate(tx, draft, actor=actor)).id for draft in shop.taxes}
        await edit_organization(tx, lambda standing: _at_home(standing, shop), actor=actor)
        for code in shop.codes:
            await create_discount(tx, code, actor=actor)
        events = [(one, await _load_event(tx, one, rates, actor)) for one in shop.events]
    door = Actor(ActorKind.DEVICE, organization_id, device.id, user_id, "Main door", frozenset({CHECK_IN}))
    house = House(_desks(database.url, keyring), shop, actor, door, now)
    keys = DemoOrganization(
        slug=shop.organization.slug,
        name=shop.organization.name,
        owner=owner,
        api_key=api_key.secret,
        device_key=device.secret,
        events=[_keys(event) for one, event in events if one.publish and event.ends_at > now],
    )
    return keys, house, events


def _at_home(standing: SettingsDraft, shop: DemoShop) -> SettingsDraft:
    """What its papers say of an organizer, and the clock by which its days begin."""
    return replace(
        standing,
        time_zone=shop.events[0].draft.time_zone,
        address=shop.paper.address,
        tax_number=shop.paper.tax_number,
        payment_instructions=shop.paper.payment_instructions,
    )


async def _load_event(tx: Tx, one: DemoEvent, rates: dict[str, UUID], actor: Actor) -> EventStaff:
    event = await create_event(tx, one.draft, actor=actor)
    rate = rates[one.tax] if one.tax else None
    types = {}
    for kind in one.types:
        taxed = replace(kind, tax_rate_id=rate) if kind.price else kind
        types[kind.name] = (await add_ticket_type(tx, event.id, taxed, actor=actor)).id
    for asked in one.questions:
        ids = [types[name] for name in asked.types]
        await add_question(tx, event.id, replace(asked.draft, ticket_type_ids=ids), actor=actor)
    for area in one.areas:
        draft = SharedPoolDraft(
            name=area.name, capacity=area.capacity, ticket_type_ids=[types[name] for name in area.types]
        )
        await create_pool(tx, event.id, draft, actor=actor)
    if not one.publish:
        return await event_for_staff(tx, event.id)
    return (await publish_event(tx, event.id, actor=actor))[0]


def _keys(event: EventStaff) -> DemoEventKeys:
    types = [
        DemoType(id=str(kind.id), name=kind.name, price=kind.price, quantity=kind.quantity)
        for kind in event.ticket_types
    ]
    return DemoEventKeys(id=str(event.id), slug=event.slug, title=event.title, ticket_types=types)
