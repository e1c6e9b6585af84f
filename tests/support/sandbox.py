"""A card-like provider in memory, strict where real ones are: what the tests of payments and the simulation charge and refund with.

It passes the suite that every provider has to pass (`tests/providers`). It has no clock and no dice of its own, so the same
calls give the same answers.
"""

import asyncio
import hashlib
import hmac
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

import msgspec

from foyer.domains.payments.errors import ForgedCallback, ProviderRefused, ProviderUnavailable
from foyer.domains.payments.types import (
    Callback,
    Capabilities,
    Outcome,
    PaymentIntent,
    PaymentState,
    RefundIntent,
    RefundState,
)
from foyer.kernel.money import share

State = TypeVar("State", PaymentState, RefundState)
SIGNATURE = "sandbox-signature"
BELIEVED_FOR = timedelta(minutes=5)
DECLINED = "The card was declined."
TERMS = ("order_id", "amount", "currency")
"""What may not differ between two payments under one key; the rest is how the buyer is spoken to."""


class Trouble(StrEnum):
    """What the network does to one call."""

    AWAY = "away"
    """Nothing arrives."""
    ANSWER_LOST = "answer_lost"
    """The work is done, and nobody hears of it."""


@dataclass
class Charge:
    """A payment as the provider has it."""

    intent: PaymentIntent
    reference: str
    status: Outcome = Outcome.PENDING
    error: str | None = None


@dataclass
class GivenBack:
    """A refund as the provider has it."""

    intent: RefundIntent
    reference: str
    status: Outcome
    error: str | None = None


@dataclass
class SandboxProvider:
    """Sends buyers elsewhere to pay, keeps a fee, calls back.

    Attributes:
        secret: signs callbacks.
        fee_bps: what is kept of each payment, in hundredths of a percent.
        fee_fixed: and beside it, in minor units.
        is_direct: whether the money goes to the organizer at once.
        slow_refunds: refunds stay pending until `finish_refund` or `fail_refund`.
        troubles: what happens to the next calls, one each; when it is empty all is well.
        calls: what has changed since somebody last took it: subjects and keys to call back about, oldest first.
    """

    secret: bytes = b"a secret of the sandbox"
    fee_bps: int = 150
    fee_fixed: int = 25
    is_direct: bool = False
    slow_refunds: bool = False
    name: str = "sandbox"
    troubles: deque[Trouble] = field(default_factory=deque)
    calls: deque[tuple[str, UUID]] = field(default_factory=deque)
    charges: dict[UUID, Charge] = field(default_factory=dict)
    refunds: dict[UUID, GivenBack] = field(default_factory=dict)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            is_remote=True, takes="amounts", settles_at_once=False, refunds=True, is_direct=self.is_direct
        )

    async def create(self, intent: PaymentIntent) -> PaymentState:
        lost = await self._travel()
        charge = self.charges.get(intent.key)
        if charge is None:
            if intent.amount < 1:
                raise ProviderRefused("Only amounts above zero can be charged.")
            charge = Charge(intent, f"charge_{intent.key.hex}")
            self.charges[intent.key] = charge
        _require_same(charge, intent)
        return self._heard(self._state(charge), lost=lost)

    async def confirm(self, intent: PaymentIntent, reference: str) -> PaymentState:
        lost = await self._travel()
        charge = self._charge(reference)
        if charge.intent.key != intent.key:
            raise ProviderRefused("This is another payment.")
        _require_same(charge, intent)
        return self._heard(self._state(charge), lost=lost)

    async def refund(self, intent: RefundIntent) -> RefundState:
        lost = await self._travel()
        refund = self.refunds.get(intent.key)
        if refund is None:
            refund = self.refunds[intent.key] = self._give_back(intent)
        if refund.intent[1:4] != intent[1:4]:
            raise ProviderRefused("This key was used for another refund.")
        return self._heard(RefundState(refund.status, refund.reference, error=refund.error), lost=lost)

    def verify_callback(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Callback:
        moment, _, signature = headers.get(SIGNATURE, "").partition(",")
        if not hmac.compare_digest(signature.encode(), self._sign(moment, body).encode()):
            raise ForgedCallback("This call is not signed by the sandbox.")
        if abs(now - datetime.fromisoformat(moment)) > BELIEVED_FOR:
            raise ForgedCallback("This call was signed too long ago.")
        return msgspec.json.decode(body, type=Callback)

    async def _travel(self) -> bool:
        """The way to the provider, and whether the answer will be lost on the way back."""
        trouble = self.troubles.popleft() if self.troubles else None
        await asyncio.sleep(0)
        if trouble is Trouble.AWAY:
            raise ProviderUnavailable("The sandbox cannot be reached.")
        return trouble is Trouble.ANSWER_LOST

    @staticmethod
    def _heard(state: State, *, lost: bool) -> State:
        if lost:
            raise ProviderUnavailable("The answer of the sandbox was lost.")
        return state

    def _state(self, charge: Charge) -> PaymentState:
        fee = self.fee_of(charge.intent.amount) if charge.status is Outcome.SUCCEEDED else 0
        redirect = f"https://pay.example/{charge.reference}" if charge.status is Outcome.PENDING else None
        return PaymentState(charge.status, charge.reference, redirect, fee, charge.error)

    def _give_back(self, intent: RefundIntent) -> GivenBack:
        charge = self._charge(intent.reference)
        if charge.status is not Outcome.SUCCEEDED:
            raise ProviderRefused("This payment was never made.")
        if intent.currency != charge.intent.currency:
            raise ProviderRefused("The payment was made in another currency.")
        if not 1 <= intent.amount <= charge.intent.amount - self.refunded(intent.reference):
            raise ProviderRefused("Less is left of this payment.")
        status = Outcome.PENDING if self.slow_refunds else Outcome.SUCCEEDED
        return GivenBack(intent, f"refund_{intent.key.hex}", status)

    def _charge(self, reference: str) -> Charge:
        for charge in self.charges.values():
            if charge.reference == reference:
                return charge
        raise ProviderRefused("There is no such payment.")

    def _sign(self, moment: str, body: bytes) -> str:
        return hmac.new(self.secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()

    # What happens at the provider, outside of our sight.

    def pay(self, reference: str) -> None:
        """The buyer pays. What is paid or declined already stays so."""
        self._settle(self._charge(reference), Outcome.SUCCEEDED, None)

    def decline(self, reference: str, error: str = DECLINED) -> None:
        """The buyer's bank says no."""
        self._settle(self._charge(reference), Outcome.FAILED, error)

    def finish_refund(self, key: UUID) -> None:
        """A slow refund reaches the buyer."""
        self._end(self.refunds[key], Outcome.SUCCEEDED, None)

    def fail_refund(self, key: UUID, error: str = "The account is closed.") -> None:
        """A slow refund comes back."""
        self._end(self.refunds[key], Outcome.FAILED, error)

    def _settle(self, charge: Charge, status: Outcome, error: str | None) -> None:
        if charge.status is Outcome.PENDING:
            charge.status, charge.error = status, error
            self.calls.append(("payment", charge.intent.key))

    def _end(self, refund: GivenBack, status: Outcome, error: str | None) -> None:
        if refund.status is Outcome.PENDING:
            refund.status, refund.error = status, error
            self.calls.append(("refund", refund.intent.key))

    def call(self, subject: str, key: UUID, *, now: datetime) -> tuple[dict[str, str], bytes]:
        """A signed call about a payment or a refund as it is now: headers and body. Repeated, it has the same id."""
        known: Charge | GivenBack = self.charges[key] if subject == "payment" else self.refunds[key]
        body = msgspec.json.encode(
            Callback(f"call_{subject}_{key.hex}_{known.status}", subject, key, known.reference)  # type: ignore[arg-type]
        )
        moment = now.isoformat()
        return {SIGNATURE: f"{moment},{self._sign(moment, body)}"}, body

    # What its books say, for checking ours against them.

    def fee_of(self, amount: int) -> int:
        return min(amount, share(amount, self.fee_bps) + self.fee_fixed)

    def paid(self) -> dict[str, int]:
        """What buyers have paid in all, by reference."""
        return {
            charge.reference: charge.intent.amount
            for charge in self.charges.values()
            if charge.status is Outcome.SUCCEEDED
        }

    def refunded(self, reference: str) -> int:
        """What of a payment has gone back or is on its way."""
        return sum(
            refund.intent.amount
            for refund in self.refunds.values()
            if refund.intent.reference == reference and refund.status is not Outcome.FAILED
        )


def _require_same(charge: Charge, intent: PaymentIntent) -> None:
    if any(getattr(charge.intent, name) != getattr(intent, name) for name in TERMS):
        raise ProviderRefused("This key was used for another payment.")
