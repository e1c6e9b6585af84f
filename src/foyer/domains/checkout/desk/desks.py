"""Everything that serves buyers and doors, opened once in each process."""

import asyncio
from collections.abc import Mapping
from typing import Self
from uuid import UUID

from foyer.domains.carts import (
    EditAsk,
    EditDesk,
    ReserveAsk,
    Reserved,
    ReserveDesk,
    ShopFront,
    known_to_be_out,
)
from foyer.domains.carts.types import Cart
from foyer.domains.checkout.desk.place import PlaceAsk, PlaceDesk
from foyer.domains.checkout.desk.refunds import RefundAsk, RefundDesk
from foyer.domains.checkout.desk.till import SettleAsk, Settled, SettleDesk
from foyer.domains.checkout.types import Placed
from foyer.domains.events import gate
from foyer.domains.identity import Credentials
from foyer.domains.organizations import ShopWindow
from foyer.domains.payments import PROVIDERS, Provider
from foyer.domains.payments.types import RefundState
from foyer.domains.tickets import DoorBoard, DoorDesk, ScanAsk, SealedKey, Signer, current_key
from foyer.domains.tickets.types import CheckIn
from foyer.infra.batching import Clerk
from foyer.infra.crypto import Keyring
from foyer.infra.db.engine import Database
from foyer.infra.fresh import Fresh


class Till:
    """The clerks of money, lazy as all are: who asks nothing of them opens no connection."""

    def __init__(self, database: Database, providers: Mapping[str, Provider], *, max_batch: int) -> None:
        self.database = database
        self.providers = providers
        self.settle: Clerk[SettleAsk, Settled] = Clerk(
            "settle", database, SettleDesk(providers), max_batch, gate=gate
        )
        self.refund: Clerk[RefundAsk, RefundState] = Clerk(
            "refund", database, RefundDesk(), max_batch, gate=gate
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Answer what is queued."""
        await asyncio.gather(self.settle.close(), self.refund.close())


class Desks:
    """One clerk for each hot path, and what they share."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        *,
        max_batch: int,
        providers: Mapping[str, Provider] = PROVIDERS,
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.providers = providers
        self.signer = Signer(keyring)
        self.signing_keys: Fresh[UUID, SealedKey] = Fresh(self._signing_key)
        self.credentials = Credentials(database)
        self.window = ShopWindow(database)
        self.front = ShopFront(database)
        self.revision: Fresh[None, str | None] = Fresh(lambda _: database.ping(), is_kept=False)
        """Of the schema. It is asked with a connection of the doors', by anybody: however many ask, with one alone."""
        self.board = DoorBoard(database)
        self.reserve: Clerk[ReserveAsk, Reserved] = Clerk(
            "reserve", database, ReserveDesk(), max_batch, gate=gate, known=known_to_be_out
        )
        self.edit: Clerk[EditAsk, Cart] = Clerk("edit", database, EditDesk(), max_batch, gate=gate)
        self.place: Clerk[PlaceAsk, Placed] = Clerk(
            "place", database, PlaceDesk(providers), max_batch, gate=gate
        )
        self.door: Clerk[ScanAsk, CheckIn] = Clerk("door", database, DoorDesk(self.signer), max_batch)
        self.till = Till(database, providers, max_batch=max_batch)

    def forget_shown(self, organization_id: UUID) -> None:
        """Show what is there now: to staff who have just changed it, and from here on to everybody."""
        self.window.forget(organization_id)
        self.front.forget(organization_id)

    async def close(self) -> None:
        """Answer what is queued, then let go of the database."""
        clerks = (self.reserve, self.edit, self.place, self.door, self.till, self.credentials)
        await asyncio.gather(*(clerk.close() for clerk in clerks))
        await self.database.close()

    async def _signing_key(self, organization_id: UUID) -> SealedKey:
        async with self.database.read(organization_id) as tx:
            return await current_key(tx)
