"""The stand-in's own controls: what happens at its side when the tests say so."""

from datetime import UTC, datetime

import pytest

from foyer.domains.payments.errors import ForgedCallback
from foyer.domains.payments.types import Outcome
from tests.providers.test_conformance import payment, refund
from tests.support.sandbox import SandboxProvider

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


async def test_slow_refund_waits_until_it_is_finished_or_comes_back():
    sandbox = SandboxProvider(slow_refunds=True)
    reference = (await sandbox.create(payment())).reference
    sandbox.pay(reference)
    first, second = refund(reference, 2_500), refund(reference, 2_500)

    assert (await sandbox.refund(first)).status is Outcome.PENDING
    sandbox.fail_refund(first.key)
    assert (await sandbox.refund(first)).status is Outcome.FAILED
    await sandbox.refund(second)
    sandbox.finish_refund(second.key)
    assert (await sandbox.refund(second)).status is Outcome.SUCCEEDED
    assert sandbox.refunded(reference) == 2_500


async def test_tells_of_what_has_changed_and_of_nothing_else():
    sandbox = SandboxProvider()
    intent = payment()
    reference = (await sandbox.create(intent)).reference
    assert not sandbox.calls
    sandbox.pay(reference)
    sandbox.decline(reference)

    assert list(sandbox.calls) == [("payment", intent.key)]


async def test_keeps_its_fee_of_what_was_paid_and_never_more():
    sandbox = SandboxProvider(fee_bps=200, fee_fixed=30)
    for amount, fee in ((10_000, 230), (25, 25)):
        intent = payment(amount)
        state = await sandbox.create(intent)
        assert state.gateway_fee == 0
        sandbox.pay(state.reference)
        assert (await sandbox.confirm(intent, state.reference)).gateway_fee == fee


async def test_calls_of_another_account_are_forged():
    mine, theirs = SandboxProvider(), SandboxProvider(secret=b"another")
    intent = payment()
    await theirs.create(intent)
    with pytest.raises(ForgedCallback):
        mine.verify_callback(*theirs.call("payment", intent.key, now=NOW), now=NOW)


async def test_same_calls_give_the_same_answers():
    intent = payment()
    first, second = SandboxProvider(), SandboxProvider()

    assert await first.create(intent) == await second.create(intent)
    assert first.call("payment", intent.key, now=NOW) == second.call("payment", intent.key, now=NOW)
