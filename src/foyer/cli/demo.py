"""Loading the demo: once, through the same actions that organizers use."""

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from foyer.cli.demo_content import DemoShop, shops
from foyer.domains.events import add_ticket_type, create_event, publish_event
from foyer.domains.events.types import EventStaff
from foyer.domains.identity import add_user, issue_api_key, issue_device
from foyer.domains.identity.types import UserDraft
from foyer.domains.organizations import create_organization, organization_by_slug
from foyer.domains.tickets import create_signing_key
from foyer.infra.crypto import Keyring
from foyer.infra.db.engine import Database
from foyer.infra.secret import keyring_for
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.ids import uuid7
from foyer.kernel.permissions import ALL
from foyer.kernel.wire import Wire
from foyer.settings import Settings

FILE: Final = "demo.json"


class DemoOwner(Wire, frozen=True):
    email: str
    password: str


class DemoType(Wire, frozen=True):
    id: str
    name: str
    price: int
    quantity: int


class DemoEventKeys(Wire, frozen=True):
    id: str
    slug: str
    title: str
    ticket_types: list[DemoType]


class DemoOrganization(Wire, frozen=True):
    slug: str
    name: str
    owner: DemoOwner
    api_key: str
    device_key: str
    events: list[DemoEventKeys]


class Demo(Wire, frozen=True):
    """The file `demo.json`: everything one needs to try the demo by program."""

    base_url: str
    organizations: list[DemoOrganization]


async def load_demo(settings: Settings, database_url: str) -> list[str]:
    """Load what is not there yet; returns the lines that tell a person where to look."""
    path = settings.data / FILE
    database = Database(database_url, pool_size=2)
    try:
        known = _read(path)
        loaded = []
        keyring = await keyring_for(database, settings)
        for shop in shops(await _today(database)):
            before = next((one for one in known if one.slug == shop.organization.slug), None)
            there = await organization_by_slug(database, shop.organization.slug)
            if there is None:
                loaded.append(await _load(database, keyring, shop))
                _write(path, Demo(base_url=settings.base_url, organizations=loaded))
            elif before is not None:
                loaded.append(before)
        _write(path, Demo(base_url=settings.base_url, organizations=loaded))
    finally:
        await database.close()
    return [
        *(f"  {one.name:22} {settings.base_url}/{one.slug}" for one in loaded),
        f"Keys and sign-ins of the demo are in {path}",
    ]


async def _today(database: Database) -> date:
    async with database.read(uuid7()) as tx:
        return (await tx.now()).date()


async def _load(database: Database, keyring: Keyring, shop: DemoShop) -> DemoOrganization:
    organization_id = uuid7()
    owner = DemoOwner(email=f"owner@{shop.organization.slug}.example", password=secrets.token_urlsafe(12))
    async with database.write(organization_id) as tx:
        await create_organization(tx, shop.organization)
        await create_signing_key(tx, keyring)
        draft = UserDraft(name=shop.owner, email=owner.email, password=owner.password, role="owner")
        user_id = await add_user(tx, draft)
        api_key = await issue_api_key(tx, user_id=user_id, name="Demo", scopes=["*"])
        device = await issue_device(tx, user_id=user_id, name="Main door", all_events=True)
        actor = Actor(ActorKind.USER, organization_id, user_id, user_id, shop.owner, ALL)
        events = []
        for one in shop.events:
            event = await create_event(tx, one.draft, actor=actor)
            for kind in one.types:
                await add_ticket_type(tx, event.id, kind)
            events.append((await publish_event(tx, event.id, actor=actor))[0])
    return DemoOrganization(
        slug=shop.organization.slug,
        name=shop.organization.name,
        owner=owner,
        api_key=api_key.secret,
        device_key=device.secret,
        events=[_keys(event) for event in events],
    )


def _keys(event: EventStaff) -> DemoEventKeys:
    types = [
        DemoType(id=str(kind.id), name=kind.name, price=kind.price, quantity=kind.quantity)
        for kind in event.ticket_types
    ]
    return DemoEventKeys(id=str(event.id), slug=event.slug, title=event.title, ticket_types=types)


def _read(path: Path) -> list[DemoOrganization]:
    return msgspec.json.decode(path.read_bytes(), type=Demo).organizations if path.exists() else []


def _write(path: Path, demo: Demo) -> None:
    """Replace the file as a whole; its secrets are for this user only."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(demo), indent=2) + b"\n")
    fresh.replace(path)
