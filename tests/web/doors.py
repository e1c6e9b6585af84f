"""A phone at a door: a browser that is paired as a device, or is about to be."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx

from foyer.domains.events import make_device
from foyer.domains.events.types import DeviceDraft
from foyer.domains.identity import pairing_of
from foyer.infra.db.engine import Database
from tests.support.world import KEYRING, Organization

SAME = {"Sec-Fetch-Site": "same-origin"}


async def new_device(
    database: Database, organization: Organization, *events: UUID, name: str = "North gate"
) -> tuple[UUID, str]:
    """A device for these events, or for all, and the code that a phone is paired with it by."""
    draft = DeviceDraft(name=name, all_events=not events, event_ids=list(events))
    async with database.write(organization.id) as tx:
        device_id = await make_device(tx, draft, keyring=KEYRING, actor=organization.owner)
    return device_id, await code_of(database, organization, device_id)


async def code_of(database: Database, organization: Organization, device_id: UUID) -> str:
    async with database.read(organization.id) as tx:
        code = (await pairing_of(tx, device_id, KEYRING)).code
    assert code is not None
    return code


@dataclass
class Phone:
    """One browser; what it sends comes from its own page."""

    http: httpx.AsyncClient

    async def pair(self, code: str) -> httpx.Response:
        return await self.http.post("/door/pair", data={"code": code}, headers=SAME)

    async def open(self, path: str = "") -> httpx.Response:
        return await self.http.get(f"/door{path}")

    async def send(self, event_id: UUID, what: str, *, script: bool = True, **form: str) -> httpx.Response:
        headers = {**SAME, "Accept": "application/json"} if script else SAME
        return await self.http.post(f"/door/events/{event_id}/{what}", data=form, headers=headers)

    async def scan(self, event_id: UUID, code: str, scan_id: UUID | None = None) -> dict[str, Any]:
        answer = await self.send(event_id, "scans", code=code, scanId=str(scan_id or uuid4()))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@asynccontextmanager
async def phone(client: httpx.AsyncClient) -> AsyncIterator[Phone]:
    async with httpx.AsyncClient(transport=client._transport, base_url="http://localhost:8000") as http:
        yield Phone(http)
