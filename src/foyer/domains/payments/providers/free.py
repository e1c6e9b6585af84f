"""Orders that cost nothing."""

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


class FreeProvider:
    """Takes nothing, at once."""

    name: Final = "free"
    capabilities: Final = Capabilities(
        is_remote=False, takes="nothing", settles_at_once=True, refunds=False, is_direct=False
    )

    async def create(self, intent: PaymentIntent) -> PaymentState:
        if intent.amount != 0:
            raise ProviderRefused("Only an order that costs nothing can be placed as free.")
        return PaymentState(Outcome.SUCCEEDED, str(intent.key))

    async def confirm(self, intent: PaymentIntent, reference: str) -> PaymentState:
        if reference != str(intent.key):
            raise ProviderRefused("There is no such payment.")
        return await self.create(intent)

    async def refund(self, _intent: RefundIntent) -> RefundState:
        raise ProviderRefused("Nothing was paid, so there is nothing to give back.")

    def verify_callback(self, _headers: Mapping[str, str], _body: bytes, *, now: datetime) -> Callback:  # noqa: ARG002
        raise ForgedCallback("Nobody calls about orders that cost nothing.")
