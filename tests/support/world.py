"""Organizations for tests: each test makes its own, so that the wall between tenants is also the one between tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import httpx
from msgspec.structs import replace

from foyer.app import build_app
from foyer.domains.checkout import Desks
from foyer.domains.customers import enter_account
from foyer.domains.events import add_ticket_type, create_event, publish_event
from foyer.domains.events.types import EventDraft, EventStaff, TicketTypeDraft
from foyer.domains.identity import add_user, begin_session, fresh_buyer_code, issue_api_key, issue_device
from foyer.domains.identity.types import UserDraft, Visit
from foyer.domains.organizations import create_organization
from foyer.domains.organizations.types import OrganizationDraft
from foyer.domains.payments import record_purchases
from foyer.domains.payments.types import Purchase
from foyer.domains.tickets import create_signing_key
from foyer.infra.crypto import Keyring
from foyer.infra.db.engine import Database
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.ids import uuid7
from foyer.kernel.permissions import ALL
from foyer.settings import Settings

SECRET = "a secret key for tests - long enough to count"
KEYRING = Keyring((SECRET,))
PASSWORD = "correct horse battery"
_numbers = count(1)


def settings_for(data: Path, *, max_batch: int = 256, **changes: object) -> Settings:
    values = {
        "data": data, "database_url": None, "database_owner_url": None, "host": "127.0.0.1", "port": 8000,
        "base_url": "http://localhost:8000", "web_workers": 1, "max_batch": max_batch, "max_requests": 2000, "secret_keys": (SECRET,), "log": "-",
        "smtp_url": None, "mail_from": "tickets@localhost", "metrics_port": 0, "sign_up": True, "proxies": (), "demo": True,
        "apple_wallet": None, "google_wallet": None, "google_wallet_issuer": None,
    }  # fmt: skip
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


@dataclass
class Organization:
    """One tenant with an owner, an API key, a door device that serves all events."""

    id: UUID
    slug: str
    user_id: UUID
    api_key: str
    device_key: str
    device_id: UUID
    owner: Actor
    events: list[EventStaff] = field(default_factory=list)

    @property
    def staff(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api_key}"}

    @property
    def door(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.device_key}"}


async def make_organization(
    database: Database, *, scopes: tuple[str, ...] = ("*",), role: str = "owner", **draft: object
) -> Organization:
    organization_id = uuid7()
    slug = f"org-{organization_id.hex[-10:]}-{next(_numbers)}"
    wanted = {"name": "Test House", "slug": slug, "email": "desk@example.org", **draft}
    async with database.write(organization_id) as tx:
        await create_organization(tx, OrganizationDraft(**wanted))  # type: ignore[arg-type]
        await create_signing_key(tx, KEYRING)
        user = UserDraft(name="Ola Owner", email="ola@example.org", password=PASSWORD, role=role)
        user_id = await add_user(tx, user)
        api_key = await issue_api_key(tx, user_id=user_id, name="Test key", scopes=scopes)
        device = await issue_device(tx, user_id=user_id, name="Gate 1", all_events=True)
    owner = Actor(ActorKind.USER, organization_id, user_id, user_id, "Ola Owner", ALL)
    return Organization(organization_id, slug, user_id, api_key.secret, device.secret, device.id, owner)


def event_draft(**changes: object) -> EventDraft:
    """A complete event in 30 days."""
    day = datetime.now(UTC).date() + timedelta(days=30)
    draft = EventDraft(
        title="An evening", description="<p>Words.</p>", category="Music", start_date=day, end_date=day,
        start_time="19:00", end_time="22:00", time_zone="Europe/Berlin", venue_name="Hall", address="Street 1",
        city="Kiel", country="DE",
    )  # fmt: skip
    return replace(draft, **changes)


async def make_event(
    database: Database,
    organization: Organization,
    *types: TicketTypeDraft,
    publish: bool = True,
    **changes: object,
) -> EventStaff:
    """An event with these types (one free type of 10 places by default), on sale."""
    async with database.write(organization.id) as tx:
        event = await create_event(tx, event_draft(**changes), actor=organization.owner)
        for kind in types or (TicketTypeDraft(name="Free", quantity=10, is_free=True),):
            event_type = await add_ticket_type(tx, event.id, kind, actor=organization.owner)
            assert event_type.event_id == event.id
        if publish:
            event, _ = await publish_event(tx, event.id, actor=organization.owner)
        else:
            from foyer.domains.events import event_for_staff

            event = await event_for_staff(tx, event.id)
    organization.events.append(event)
    return event


async def take_money(database: Database, organization: Organization, order_id: UUID | str) -> UUID:
    """Record 12.50 € for an order, as if its buyer had paid by hand; returns the id of the transaction."""
    paid = Purchase(uuid7(), UUID(str(order_id)), 1_250, "EUR", "manual", None, str(order_id))
    async with database.read(organization.id) as tx:
        now = await tx.now()
    async with database.batch(organization.id) as desk:
        await record_purchases(desk, organization.id, [paid], now=now)
    return paid.id


async def buyer_code(database: Database, organization: Organization, email: str) -> str:
    """The code that a mail to this address would hold."""
    async with database.write(organization.id) as tx:
        return (await fresh_buyer_code(tx, email, KEYRING)).digits


async def buyer_signed_in(database: Database, organization: Organization, email: str) -> str:
    """The token of a buyer who has typed their code."""
    code = await buyer_code(database, organization, email)
    async with database.write(organization.id) as tx:
        return (await enter_account(tx, email, code, keyring=KEYRING)).token


class Unhurried(httpx.ASGITransport):
    """An application whose visitors take their time: what a shop shows for a second is shown anew to the next one."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.app.app.state.desks.front.forget()
        return await super().handle_async_request(request)


@asynccontextmanager
async def running_app(
    settings: Settings, url: str, *, transport: type[httpx.ASGITransport] = Unhurried
) -> AsyncIterator[httpx.AsyncClient]:
    """The application in this process, with its lifespan, behind a client that knows no session."""
    doorman = build_app(settings, Database(url))
    inner = doorman.app
    ready, ending = asyncio.Event(), asyncio.Event()

    async def live() -> None:  # a lifespan has to end in the task that began it
        async with inner.lifespan():
            ready.set()
            await ending.wait()

    life = asyncio.create_task(live())
    await asyncio.wait([life, asyncio.create_task(ready.wait())], return_when=asyncio.FIRST_COMPLETED)
    served = transport(app=doorman, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=served, base_url="http://localhost:8000") as client:
        client.desks = inner.state.desks
        yield client
    ending.set()
    await life


async def signed_in(
    client: httpx.AsyncClient, organization: Organization, user_id: UUID | None = None
) -> None:
    """Sign this client in as the organization's owner, or as another member of its staff."""
    desks = client._transport.app.app.state.desks
    async with desks.database.write(organization.id) as tx:
        visit = Visit(device="Firefox on Linux", ip="192.0.2.1")
        session = await begin_session(tx, user_id or organization.user_id, visit=visit)
    client.cookies.set("foyer-staff", session.token)


def today() -> date:
    return datetime.now(UTC).date()


__all__ = ["KEYRING", "PASSWORD", "SECRET", "Desks", "Organization", "event_draft", "make_event", "make_organization",
           "running_app", "settings_for", "signed_in", "take_money", "today"]  # fmt: skip
