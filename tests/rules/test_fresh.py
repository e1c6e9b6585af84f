"""What everybody asks for at once: one question, at most a second old, nobody pulled along by another's end."""

import asyncio

import pytest

from foyer.infra import fresh
from foyer.infra.fresh import Fresh


class Oracle:
    """Counts the questions, and answers them when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.lets = asyncio.Event()

    async def __call__(self, key: str) -> str:
        self.asked += 1
        number = self.asked
        await self.lets.wait()
        if key == "bad":
            raise LookupError(key)
        return f"{key} {number}"


async def test_crowd_asks_once():
    oracle = Oracle()
    window = Fresh(oracle)
    oracle.lets.set()

    answers = await asyncio.gather(*(window.get("a") for _ in range(100)), window.get("b"))

    assert answers == ["a 1"] * 100 + ["b 2"]
    assert await window.get("a") == "a 1"
    assert oracle.asked == 2


async def test_answer_is_as_old_as_its_question(monkeypatch):
    monkeypatch.setattr(fresh, "FRESH_SECONDS", 0.05)
    oracle = Oracle()
    window = Fresh(oracle)
    slow = asyncio.ensure_future(window.get("a"))
    await asyncio.sleep(0.06)
    oracle.lets.set()

    assert await slow == "a 1"
    assert await window.get("a") == "a 2", "what was asked long ago is old when it comes"
    assert window.lately("a") == "a 2"
    assert window.lately("b") is None


async def test_whoever_leaves_takes_nobody_along():
    oracle = Oracle()
    window = Fresh(oracle)
    first, second = (asyncio.ensure_future(window.get("a")) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    oracle.lets.set()

    assert await second == "a 1"


async def test_failure_is_told_to_all_and_not_remembered():
    oracle = Oracle()
    oracle.lets.set()
    window = Fresh(oracle)

    failed = await asyncio.gather(*(window.get("bad") for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in failed] == [LookupError] * 3
    with pytest.raises(LookupError):
        await window.get("bad")
    assert oracle.asked == 2
    assert window.lately("bad") is None


async def test_what_was_forgotten_is_asked_again_and_memory_has_an_end():
    oracle = Oracle()
    oracle.lets.set()
    window = Fresh(oracle, most=2)

    assert [await window.get(key) for key in "aab"] == ["a 1", "a 1", "b 2"]
    window.forget("a")
    assert await window.get("a") == "a 3"
    assert await window.get("c") == "c 4"
    assert await window.get("a") == "a 3", "a full memory lets go of what was asked longest ago"
    assert await window.get("b") == "b 5"


async def test_answer_that_was_on_its_way_when_it_was_forgotten_is_not_remembered():
    oracle = Oracle()
    window = Fresh(oracle)
    early = asyncio.ensure_future(window.get("a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    window.forget_all(lambda key: key == "a")
    late = asyncio.ensure_future(window.get("a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    oracle.lets.set()

    assert (await early, await late) == ("a 1", "a 2")
    assert await window.get("a") == "a 2"
