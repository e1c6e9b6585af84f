"""Every provider with what the suite has to do at its side: let the buyer pay, lose an answer, call back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from foyer.domains.payments import PROVIDERS, Provider
from tests.support.sandbox import SandboxProvider, Trouble


@dataclass
class Rig:
    """A provider under test. What is None cannot be done to it."""

    provider: Provider
    pay: Callable[[str], None] | None = None
    decline: Callable[[str], None] | None = None
    lose_answer: Callable[[], None] | None = None
    go_away: Callable[[], None] | None = None
    call: Callable[[str, UUID, datetime], tuple[dict[str, str], bytes]] | None = None
    paid: Callable[[], dict[str, int]] | None = None


def sandbox(**settings: object) -> Rig:
    provider = SandboxProvider(**settings)  # type: ignore[arg-type]
    return Rig(
        provider,
        pay=provider.pay,
        decline=provider.decline,
        lose_answer=lambda: provider.troubles.append(Trouble.ANSWER_LOST),
        go_away=lambda: provider.troubles.append(Trouble.AWAY),
        call=lambda subject, key, now: provider.call(subject, key, now=now),
        paid=provider.paid,
    )


LOCAL: dict[str, Callable[[], Rig]] = {
    "free": lambda: Rig(PROVIDERS["free"]),
    "manual": lambda: Rig(PROVIDERS["manual"]),
}
REMOTE: dict[str, Callable[[], Rig]] = {
    "sandbox": sandbox,
    "sandbox-direct": lambda: sandbox(is_direct=True, slow_refunds=True),
}
RIGS = {**LOCAL, **REMOTE}
