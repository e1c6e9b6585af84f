"""What every provider of payments promises; `tests/providers` holds each of them to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from foyer.domains.payments.types import (
    Callback,
    Capabilities,
    PaymentIntent,
    PaymentState,
    RefundIntent,
    RefundState,
)


class Provider(Protocol):
    """Somebody who takes money from buyers and gives it back.

    What is asked carries a key. The same key is the same thing: it is done once, and asking again answers what has become of
    it. A remote provider refuses another amount under a key that was used.

    Each method but `verify_callback` raises `ProviderUnavailable` where no answer came, so that nobody knows whether it
    happened, and `ProviderRefused` for a definite no.
    """

    @property
    def name(self) -> str:
        """What it is called in `payment_method`, in lower case."""
        ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def create(self, intent: PaymentIntent) -> PaymentState:
        """Begin a payment, or say what has become of the one that was begun under this key."""
        ...

    async def confirm(self, intent: PaymentIntent, reference: str) -> PaymentState:
        """Say what has become of a payment; begins nothing."""
        ...

    async def refund(self, intent: RefundIntent) -> RefundState:
        """Give money back, or say what has become of what was asked under this key. Never more than was paid."""
        ...

    def verify_callback(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Callback:
        """What a call from outside is about.

        Args:
            headers: names in lower case.
            body: byte by byte as it came.
            now: a call signed long before it is refused.

        Raises:
            ForgedCallback: this provider has not signed it, or not lately.
        """
        ...
