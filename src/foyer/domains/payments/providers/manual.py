"""Money that the organizer takes by hand: in cash, by transfer, on invoice."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from foyer.domains.payments.errors import ForgedCallback, ProviderRefused
from foyer.domains.payments.types import (
    Callback,
    Capabilities,
    Outcome,
    PaymentIntent,
    PaymentState,
    RefundIntent,
    RefundState,
)


class ManualProvider:
    """Waits until staff say that the money is there. Nothing is kept here: the attempt's own row is what is known."""

    name: Final = "manual"
    capabilities: Final = Capabilities(
        is_remote=False, takes="amounts", settles_at_once=False, refunds=True, is_direct=True
    )

    async def create(self, intent: PaymentIntent) -> PaymentState:
        if intent.amount < 1:
            raise ProviderRefused("An order that costs nothing is placed as free.")
        return PaymentState(Outcome.PENDING, str(intent.key))

    async def confirm(self, intent: PaymentIntent, reference: str) -> PaymentState:
        if reference != str(intent.key):
            raise ProviderRefused("There is no such payment.")
        return await self.create(intent)

    async def refund(self, intent: RefundIntent) -> RefundState:
        if intent.amount < 1:
            raise ProviderRefused("A refund gives something back.")
        return RefundState(Outcome.SUCCEEDED, str(intent.key))

    def verify_callback(self, _headers: Mapping[str, str], _body: bytes, *, now: datetime) -> Callback:  # noqa: ARG002
        raise ForgedCallback("Nobody calls about payments that are made by hand.")
