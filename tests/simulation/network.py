"""What lies between us and a provider, and what happens there: nothing arrives, the answer is lost, our process dies."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from foyer.domains.payments import Provider
from foyer.domains.payments.errors import ProviderUnavailable
from foyer.domains.payments.types import Capabilities, PaymentIntent, PaymentState, RefundIntent, RefundState

State = TypeVar("State", PaymentState, RefundState)


class CrashError(RuntimeError):
    """Our process dies here: what is not committed is gone, and nobody hears an answer."""


class Mishap(StrEnum):
    """What happens to one call."""

    AWAY = "nothing arrives"
    ANSWER_LOST = "the answer is lost"
    CRASH_BEFORE = "we die before asking"
    CRASH_AFTER = "we die before writing down the answer"


BEFORE = {Mishap.AWAY: ProviderUnavailable, Mishap.CRASH_BEFORE: CrashError}
AFTER = {Mishap.ANSWER_LOST: ProviderUnavailable, Mishap.CRASH_AFTER: CrashError}


@dataclass
class Network:
    """What is planned to go wrong, by the key of the payment or refund, and what has."""

    plan: dict[UUID, Mishap] = field(default_factory=dict)
    happened: list[Mishap] = field(default_factory=list)
    """Since somebody last emptied it."""

    def take(self, key: UUID) -> Mishap | None:
        mishap = self.plan.pop(key, None)
        if mishap is not None:
            self.happened.append(mishap)
        return mishap


@dataclass
class Unreliable:
    """A provider at the other end of the network."""

    inner: Provider
    network: Network

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def capabilities(self) -> Capabilities:
        return self.inner.capabilities

    async def create(self, intent: PaymentIntent) -> PaymentState:
        mishap = self._before(intent.key)
        return self._after(await self.inner.create(intent), mishap)

    async def confirm(self, intent: PaymentIntent, reference: str) -> PaymentState:
        mishap = self._before(intent.key)
        return self._after(await self.inner.confirm(intent, reference), mishap)

    async def refund(self, intent: RefundIntent) -> RefundState:
        mishap = self._before(intent.key)
        return self._after(await self.inner.refund(intent), mishap)

    def verify_callback(self, *given, **more):
        return self.inner.verify_callback(*given, **more)

    def _before(self, key: UUID) -> Mishap | None:
        mishap = self.network.take(key)
        if mishap in BEFORE:
            raise BEFORE[mishap](mishap.value)
        return mishap

    @staticmethod
    def _after(state: State, mishap: Mishap | None) -> State:
        if mishap in AFTER:
            raise AFTER[mishap](mishap.value)
        return state


__all__ = ["CrashError", "Mishap", "Network", "Unreliable"]
