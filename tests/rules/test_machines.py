"""State machines: what is not in the table is refused, nothing leads nowhere, and the page that draws them is up to date."""

import pytest

from docs.states import MACHINES, PAGE, page
from foyer.domains.orders.types import OrderStatus, PaymentStatus
from foyer.kernel.errors import Conflict
from foyer.kernel.machine import Machine

SPOKEN = {OrderStatus.PARTIAL_REFUND: "partly refunded", PaymentStatus.PARTIAL_REFUND: "partly refunded"}


def named(machine: Machine) -> str:
    return machine.noun


@pytest.mark.parametrize("machine", MACHINES, ids=named)
def test_every_move_that_is_not_in_the_table_is_refused(machine):
    kind = type(next(iter(machine.moves)))
    refused = 0
    for now in kind:
        for then in kind:
            if then in machine.moves[now]:
                machine.require(now, then)
                continue
            with pytest.raises(Conflict) as refusal:
                machine.require(now, then)
            assert refusal.value.code == "state_conflict"
            assert SPOKEN.get(now, now.value.replace("_", " ")) in refusal.value.detail
            refused += 1
    assert refused


@pytest.mark.parametrize("machine", MACHINES, ids=named)
def test_every_state_has_its_line_and_can_be_reached(machine):
    kind = type(next(iter(machine.moves)))
    assert set(machine.moves) == set(kind)
    seen = set(machine.start)
    while more := {then for now in seen for then in machine.moves[now]} - seen:
        seen |= more
    assert seen == set(kind)


def test_page_is_what_the_tables_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m docs.states`"
