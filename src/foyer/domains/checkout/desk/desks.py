"""Everything that serves buyers and doors, opened once in each process."""

import asyncio
from collections.abc import Mapping

from foyer.domains.carts import EditAsk, EditDesk, ReserveAsk, Reserved, ReserveDesk
from foyer.domains.carts.types import Cart
from foyer.domains.checkout.desk.place import PlaceAsk, PlaceDesk
from foyer.domains.checkout.types import Placed
from foyer.domains.events import gate
from foyer.domains.organizations import ShopWindow
from foyer.domains.payments import PROVIDERS, Provider
from foyer.domains.tickets import DoorBoard, DoorDesk, ScanAsk, Signer
from foyer.domains.tickets.types import CheckIn
from foyer.infra.batching import Clerk
from foyer.infra.crypto import Keyring
from foyer.infra.db.engine import Database


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
        self.window = ShopWindow(database)
        self.board = DoorBoard(database)
        self.reserve: Clerk[ReserveAsk, Reserved] = Clerk(
            "reserve", database, ReserveDesk(), max_batch, gate=gate
        )
        self.edit: Clerk[EditAsk, Cart] = Clerk("edit", database, EditDesk(), max_batch, gate=gate)
        self.place: Clerk[PlaceAsk, Placed] = Clerk(
            "place", database, PlaceDesk(providers), max_batch, gate=gate
        )
        self.door: Clerk[ScanAsk, CheckIn] = Clerk("door", database, DoorDesk(), max_batch)

    async def close(self) -> None:
        """Answer what is queued, then let go of the database."""
        clerks = (self.reserve, self.edit, self.place, self.door)
        await asyncio.gather(*(clerk.close() for clerk in clerks))
        await self.database.close()
