"""Which wallets an installation can fill; keys are read when they are first needed, once in each process."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Generic, TypeVar

import structlog

from foyer.infra.wallets.keys import AppleKeys, GoogleKeys, UnreadableKeysError, read_apple, read_google
from foyer.settings import Settings

log = structlog.get_logger("foyer.wallets")
Keys = TypeVar("Keys")


class Wallet(StrEnum):
    """A wallet that tickets can be put into."""

    APPLE = "apple"
    GOOGLE = "google"


@dataclass(slots=True)
class _Once(Generic[Keys]):
    """What is read when it is first asked for. What cannot be read is said in the log, and is not there until the next start."""

    read: Callable[[], Keys] | None
    kept: Keys | None = field(default=None, init=False)

    async def get(self) -> Keys | None:
        if self.read is not None:
            try:
                self.kept = await asyncio.to_thread(self.read)
            except UnreadableKeysError as wrong:
                log.error("a wallet has no keys", why=str(wrong))  # noqa: TRY400 - the sentence says it all
            self.read = None
        return self.kept


@dataclass(frozen=True, slots=True)
class Wallets:
    """The wallets of an installation, none unless keys are named; costs nothing until used."""

    _apple: _Once[AppleKeys] = field(default_factory=lambda: _Once(None))
    _google: _Once[GoogleKeys] = field(default_factory=lambda: _Once(None))

    async def apple(self, at: datetime) -> AppleKeys | None:
        """What signs passes at this moment; None where there are no keys, or they have ended."""
        keys = await self._apple.get()
        return keys if keys is not None and at < keys.ends_at else None

    async def google(self) -> GoogleKeys | None:
        """What signs addresses; None where there are no keys."""
        return await self._google.get()

    async def offered(self, at: datetime) -> list[Wallet]:
        """The wallets that a ticket can be put into at this moment."""
        return [
            wallet
            for wallet, keys in ((Wallet.APPLE, await self.apple(at)), (Wallet.GOOGLE, await self.google()))
            if keys is not None
        ]


def wallets_of(settings: Settings) -> Wallets:
    """The wallets for which an operator has set keys."""
    apple, google, issuer = settings.apple_wallet, settings.google_wallet, settings.google_wallet_issuer
    return Wallets(
        _Once(partial(read_apple, apple) if apple else None),
        _Once(partial(read_google, google, issuer) if google and issuer else None),
    )
