"""What every provider of payments has to pass, each with what it says it can do."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from foyer.domains.payments import PROVIDERS
from foyer.domains.payments.errors import ForgedCallback, ProviderRefused, ProviderUnavailable
from foyer.domains.payments.types import Outcome, PaymentIntent, RefundIntent
from foyer.kernel.ids import uuid7
from tests.providers.rigs import REMOTE, RIGS, Rig

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
EVERY = pytest.mark.parametrize(
    "rig", [pytest.param(make, id=name) for name, make in RIGS.items()], indirect=True
)
FAR = pytest.mark.parametrize(
    "rig", [pytest.param(make, id=name) for name, make in REMOTE.items()], indirect=True
)


@pytest.fixture
def rig(request) -> Rig:
    return request.param()


def payment(amount: int = 2_500, **changes: object) -> PaymentIntent:
    intent = PaymentIntent(
        uuid7(), uuid7(), "7QK2M9ZD", amount, "EUR", "jo@example.org", "https://shop.example/back"
    )
    return intent._replace(**changes)  # type: ignore[arg-type]


def usual(rig: Rig) -> PaymentIntent:
    """A payment that this provider takes."""
    return payment(0 if rig.provider.capabilities.takes == "nothing" else 2_500)


def refund(reference: str, amount: int, **changes: object) -> RefundIntent:
    return RefundIntent(uuid7(), reference, amount, "EUR")._replace(**changes)  # type: ignore[arg-type]


async def paid(rig: Rig) -> tuple[PaymentIntent, str]:
    """A payment that the buyer has made; where the organizer takes the money by hand, one that was begun."""
    intent = usual(rig)
    reference = (await rig.provider.create(intent)).reference
    assert reference
    if rig.pay is not None:
        rig.pay(reference)
    return intent, reference


def test_providers_stand_under_their_names():
    assert {name: one.name for name, one in PROVIDERS.items()} == {"free": "free", "manual": "manual"}


@EVERY
def test_what_it_says_of_itself_fits_together(rig):
    can = rig.provider.capabilities

    assert rig.provider.name == rig.provider.name.strip().lower() != ""
    assert can.takes in {"nothing", "amounts"}
    assert not (can.takes == "nothing" and can.refunds)
    assert can.is_remote == (rig.call is not None)


@EVERY
async def test_takes_the_amounts_it_says_and_no_others(rig):
    takes_nothing = rig.provider.capabilities.takes == "nothing"

    assert (await rig.provider.create(usual(rig))).status is not Outcome.FAILED
    for amount in (-1, 1 if takes_nothing else 0):
        with pytest.raises(ProviderRefused):
            await rig.provider.create(payment(amount))


@EVERY
async def test_answer_says_where_the_payment_stands(rig):
    intent = usual(rig)
    state = await rig.provider.create(intent)

    assert state.status is (
        Outcome.SUCCEEDED if rig.provider.capabilities.settles_at_once else Outcome.PENDING
    )
    assert state.reference
    assert state.error is None
    assert 0 <= state.gateway_fee <= intent.amount


@EVERY
async def test_same_key_is_the_same_payment(rig):
    intent = usual(rig)
    first = await rig.provider.create(intent)
    again = await asyncio.gather(*(rig.provider.create(intent) for _ in range(3)))

    assert again == [first] * 3
    assert (await rig.provider.create(usual(rig))).reference != first.reference


@EVERY
async def test_confirming_tells_and_begins_nothing(rig):
    intent = usual(rig)
    with pytest.raises(ProviderRefused):
        await rig.provider.confirm(intent, "unheard-of")
    state = await rig.provider.create(intent)

    assert state.reference
    assert await rig.provider.confirm(intent, state.reference) == state
    with pytest.raises(ProviderRefused):
        await rig.provider.confirm(usual(rig), state.reference)


@EVERY
async def test_refunds_are_made_once_for_each_key_or_refused(rig):
    _, reference = await paid(rig)
    if not rig.provider.capabilities.refunds:
        with pytest.raises(ProviderRefused):
            await rig.provider.refund(refund(reference, 1))
        return
    part = refund(reference, 1_000)
    first = await rig.provider.refund(part)

    assert first.status in {Outcome.PENDING, Outcome.SUCCEEDED}
    assert first.error is None
    assert first.gateway_fee >= 0
    assert await asyncio.gather(*(rig.provider.refund(part) for _ in range(3))) == [first] * 3
    assert (await rig.provider.refund(refund(reference, 1_500))).reference != first.reference
    for amount in (0, -1):
        with pytest.raises(ProviderRefused):
            await rig.provider.refund(refund(reference, amount))


@EVERY
def test_calls_that_are_not_signed_are_forged(rig):
    for headers in (
        {},
        {"sandbox-signature": ""},
        {"sandbox-signature": "x,y"},
        {"stripe-signature": "t=1,v1=00"},
    ):
        for body in (b"", b"{}", b"\xff"):
            with pytest.raises(ForgedCallback):
                rig.provider.verify_callback(headers, body, now=NOW)


@FAR
async def test_another_payment_under_a_used_key_is_refused(rig):
    intent = payment()
    state = await rig.provider.create(intent)
    for change in ({"amount": 2_501}, {"amount": 2_499}, {"currency": "USD"}, {"order_id": uuid7()}):
        other = intent._replace(**change)
        with pytest.raises(ProviderRefused):
            await rig.provider.create(other)
        with pytest.raises(ProviderRefused):
            await rig.provider.confirm(other, state.reference)

    assert await rig.provider.create(intent) == state


@FAR
async def test_buyer_pays_once_however_often_it_is_asked(rig):
    intent, reference = await paid(rig)
    state = await rig.provider.confirm(intent, reference)
    rig.pay(reference)

    assert state.status is Outcome.SUCCEEDED
    assert state.redirect_url is None
    assert await rig.provider.create(intent) == state
    assert rig.paid() == {reference: intent.amount}


@FAR
async def test_declined_payment_says_why_and_takes_nothing(rig):
    intent = payment()
    reference = (await rig.provider.create(intent)).reference
    rig.decline(reference)
    state = await rig.provider.confirm(intent, reference)

    assert state.status is Outcome.FAILED
    assert state.error
    assert rig.paid() == {}
    with pytest.raises(ProviderRefused):
        await rig.provider.refund(refund(reference, 1))


@FAR
async def test_lost_answer_has_done_its_work_once(rig):
    intent = payment()
    rig.lose_answer()
    with pytest.raises(ProviderUnavailable):
        await rig.provider.create(intent)
    reference = (await rig.provider.create(intent)).reference
    rig.pay(reference)
    back = refund(reference, 2_500)
    rig.lose_answer()
    with pytest.raises(ProviderUnavailable):
        await rig.provider.refund(back)

    assert rig.paid() == {reference: 2_500}
    assert (await rig.provider.refund(back)).status is not Outcome.FAILED
    with pytest.raises(ProviderRefused):
        await rig.provider.refund(refund(reference, 1))


@FAR
async def test_call_that_never_arrived_has_done_nothing(rig):
    intent = payment()
    for ask in (
        rig.provider.create(intent),
        rig.provider.confirm(intent, "x"),
        rig.provider.refund(refund("x", 1)),
    ):
        rig.go_away()
        with pytest.raises(ProviderUnavailable):
            await ask
    other = intent._replace(amount=1)  # the key is not used yet

    assert (await rig.provider.create(other)).status is Outcome.PENDING


@FAR
async def test_never_gives_back_more_than_was_paid(rig):
    _, reference = await paid(rig)
    await rig.provider.refund(refund(reference, 2_000))
    for one in (
        refund(reference, 501),
        refund(reference, 2_500),
        refund("unheard-of", 1),
        refund(reference, 1, currency="USD"),
    ):
        with pytest.raises(ProviderRefused):
            await rig.provider.refund(one)

    last = refund(reference, 500)
    await rig.provider.refund(last)
    with pytest.raises(ProviderRefused):
        await rig.provider.refund(last._replace(amount=499))


@FAR
async def test_signed_call_says_what_it_is_about(rig):
    intent, reference = await paid(rig)
    back = refund(reference, 100)
    await rig.provider.refund(back)
    for subject, key in (("payment", intent.key), ("refund", back.key)):
        headers, body = rig.call(subject, key, NOW)
        call = rig.provider.verify_callback(headers, body, now=NOW + timedelta(minutes=1))

        assert (call.subject, call.key) == (subject, key)
        assert isinstance(call.key, UUID)
        assert rig.provider.verify_callback(*rig.call(subject, key, NOW), now=NOW).id == call.id


@FAR
async def test_call_that_was_changed_or_is_old_is_forged(rig):
    intent, _ = await paid(rig)
    headers, body = rig.call("payment", intent.key, NOW)
    changed = [
        (headers, body.replace(b"payment", b"refund")),
        (headers, body + b" "),
        ({name: value[:-1] + "\xe9" for name, value in headers.items()}, body),
        ({name: value.replace("2027", "2028") for name, value in headers.items()}, body),
        ({name: value.swapcase() for name, value in headers.items()}, body),
    ]
    for tried in changed:
        with pytest.raises(ForgedCallback):
            rig.provider.verify_callback(*tried, now=NOW)
    for late in (timedelta(hours=1), timedelta(days=-1)):
        with pytest.raises(ForgedCallback):
            rig.provider.verify_callback(headers, body, now=NOW + late)
