"""What the door says: all eight results."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from foyer.domains.events.types import EventStatus
from foyer.domains.tickets import Signer
from foyer.domains.tickets.desk import DoorDesk, scan_ask
from foyer.domains.tickets.rules import TicketState, holder_name, require_may_undo, verdict, words_of
from foyer.domains.tickets.types import ScanResult, TicketStatus
from foyer.infra.batching import Counter
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Forbidden
from tests.support.world import KEYRING

HERE, THERE = UUID(int=1), UUID(int=2)
DEVICE = Actor(ActorKind.DEVICE, UUID(int=9), UUID(int=8), UUID(int=7), "Gate 1")

CASES = [
    # event of the ticket, its status, its generation, status of the event, generation scanned, answer
    (HERE, "valid", 1, "published", 1, "admitted"),
    (HERE, "valid", 1, "published", None, "admitted"),
    (HERE, "valid", 3, "published", 3, "admitted"),
    (HERE, "valid", 1, "completed", 1, "admitted"),
    (HERE, "used", 1, "published", 1, "already_used"),
    (HERE, "used", 1, "published", None, "already_used"),
    (HERE, "cancelled", 1, "published", 1, "cancelled"),
    (HERE, "valid", 1, "cancelled", 1, "cancelled"),
    (HERE, "used", 1, "cancelled", 1, "cancelled"),
    (HERE, "refunded", 1, "published", 1, "refunded"),
    (HERE, "refunded", 1, "cancelled", 1, "refunded"),
    (THERE, "valid", 1, "published", 1, "wrong_event"),
    (THERE, "refunded", 2, "cancelled", 1, "wrong_event"),
    (HERE, "valid", 2, "published", 1, "superseded"),
    (HERE, "valid", 1, "published", 2, "superseded"),
    (HERE, "used", 2, "published", 1, "superseded"),
    (HERE, "refunded", 2, "published", 1, "superseded"),
]


@pytest.mark.parametrize(("event", "status", "generation", "event_status", "scanned", "answer"), CASES)
def test_verdict(event, status, generation, event_status, scanned, answer):
    ticket = TicketState(event, TicketStatus(status), generation)

    found = verdict(ticket, event_id=HERE, event_status=EventStatus(event_status), generation=scanned)

    assert found == answer


def test_only_a_valid_ticket_of_this_event_and_generation_is_admitted():
    """Every combination there is: nothing else ever opens the door."""
    everything = product((HERE, THERE), TicketStatus, (1, 2), EventStatus, (None, 1, 2))
    for event, status, generation, event_status, scanned in everything:
        found = verdict(
            TicketState(event, status, generation),
            event_id=HERE, event_status=event_status, generation=scanned,
        )  # fmt: skip
        may_enter = (
            event == HERE
            and status is TicketStatus.VALID
            and event_status is not EventStatus.CANCELLED
            and scanned in {None, generation}
        )
        assert (found is ScanResult.ADMITTED) == may_enter


@pytest.mark.parametrize(
    ("qr", "result"),
    [
        ("https://example.org/somebody/elses", ScanResult.UNKNOWN),
        ("4006381333931", ScanResult.UNKNOWN),
        ("t1.LOWER", ScanResult.UNKNOWN),
        ("T1.", ScanResult.TAMPERED),
        ("T1.CUT", ScanResult.TAMPERED),
        ("T1." + "A" * 143, ScanResult.TAMPERED),
        ("T1." + "A" * 5000, ScanResult.TAMPERED),
    ],
)
def test_unreadable_code_is_tampered_only_where_it_means_to_be_ours(qr, result):
    ask = scan_ask(DEVICE, qr=qr, code=None, scan_id=None)

    desk, counter = DoorDesk(Signer(KEYRING)), Counter(DEVICE.organization_id, HERE)

    assert desk._decide(ask, counter, {}, {}, EventStatus.PUBLISHED, {}) == (result, None)


def test_every_result_has_its_case():
    told = {case[-1] for case in CASES} | {"unknown", "tampered"}

    assert told == set(ScanResult)


NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
STAFF = Actor(ActorKind.USER, UUID(int=9), UUID(int=7), UUID(int=7), "Ola", frozenset({"tickets:manage"}))


@pytest.mark.parametrize(
    ("actor", "by_device", "seconds", "may"),
    [
        (DEVICE, DEVICE.id, 0, True), (DEVICE, DEVICE.id, 60, True), (DEVICE, DEVICE.id, 61, False),
        (DEVICE, UUID(int=6), 0, False), (DEVICE, None, 0, False), (STAFF, None, 86_400, True),
        (replace(STAFF, permissions=frozenset({"tickets:check-in"})), None, 0, False),
    ],
)  # fmt: skip
def test_who_may_take_a_check_in_back(actor, by_device, seconds, may):
    said = nullcontext() if may else pytest.raises(Forbidden)
    with said:
        require_may_undo(actor, by_device=by_device, at=NOW - timedelta(seconds=seconds), now=NOW)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Sørby", ["sorby"]), ("  ÉL  ám ", ["el", "am"]), ("Weiß", ["weiss"]), ("Łukasz", ["lukasz"]), ("x", []), ("", []),
        ("a b", ["a", "b"]), ("one two three four five", ["one", "two", "three", "four"]), ("نور", ["نور"]), ("山田", ["山田"]),
    ],
)  # fmt: skip
def test_name_is_looked_for_without_accents_from_two_letters_on(typed, words):
    assert words_of(typed) == words


def test_holder_is_who_is_named_and_else_who_bought():
    buyer = '{"firstName": "Jo", "lastName": "Buyer", "email": "jo@example.org"}'

    assert holder_name('{"firstName": "Kim"}', buyer, is_handed_on=False) == "Kim"
    assert holder_name('{"email": "kim@example.org"}', buyer, is_handed_on=False) == "Jo Buyer"
    assert holder_name(None, '{"email": "jo@example.org"}', is_handed_on=False) is None


def test_who_handed_a_ticket_on_does_not_come_with_it():
    buyer = '{"firstName": "Jo", "lastName": "Buyer", "email": "jo@example.org"}'
    assert holder_name('{"lastName": "Kim"}', buyer, is_handed_on=True) == "Kim"
    assert holder_name('{"email": "kim@example.org"}', buyer, is_handed_on=True) == "kim@example.org"
    assert holder_name(None, buyer, is_handed_on=True) is None
