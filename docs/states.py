"""Draws what may become of what: `python -m docs.states` writes states.md from the tables that the code goes by."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from foyer.domains.carts.rules import CART
from foyer.domains.events.rules import EVENT
from foyer.domains.orders.rules import APPROVAL, ORDER, PAYMENT
from foyer.domains.payments.rules import ATTEMPT, REFUND, TRANSACTION
from foyer.domains.tickets.rules import TICKET
from foyer.domains.waiting.rules import WAITING
from foyer.kernel.machine import AnyMachine

PAGE: Final = Path(__file__).parent / "states.md"

MACHINES: Final[dict[AnyMachine, str]] = {
    EVENT: "Cancelled and completed are for good; the end of an event completes it by itself.",
    CART: "A cart holds places while it is active. One whose buyer left an address is abandoned, any other expired.",
    ORDER: (
        "A free order begins confirmed. A cancelled one is confirmed only by a payment that came late and found its places"
        " still free."
    ),
    PAYMENT: "What an order's payment is, as its buyer sees it; transactions say how it came about.",
    APPROVAL: "The organizer's word on an order. It lapses when the order ends before it was given.",
    TICKET: (
        "Used goes back to valid only by a permitted undo that leaves a trace. A used ticket is refunded where money goes"
        " back to somebody who was inside."
    ),
    ATTEMPT: "A try to be paid by one provider; created means that the provider has yet to answer.",
    TRANSACTION: "A completed one never changes: the database lets nobody. What corrects it is another one.",
    WAITING: (
        "Offered holds places in a cart; what becomes of the cart ends it. Whoever has lapsed or left may wait again, at the end."
        " When the event is cancelled, whoever still waits is recorded as left and an offer that was not taken as lapsed, even while"
        " its cart is active; nobody had to do anything for it."
    ),
    REFUND: "Due is owed and not begun, pending is with the provider.",
}


def page() -> str:
    """The whole page."""
    return "".join(_page())


def _page() -> Iterator[str]:
    yield "# What may become of what\n\nWritten by `python -m docs.states`. Every other move is refused with `state_conflict`"
    yield " and changes nothing.\n"
    for machine, sentence in MACHINES.items():
        yield f"\n## {machine.noun.capitalize()}\n\n{sentence}\n\n```mermaid\nstateDiagram-v2\n"
        for state in sorted(machine.start):
            yield f"    [*] --> {state}\n"
        for state, then in machine.moves.items():
            for one in sorted(then):
                yield f"    {state} --> {one}\n"
            if not then:
                yield f"    {state} --> [*]\n"
        yield "```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
