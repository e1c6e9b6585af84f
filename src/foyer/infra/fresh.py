"""What everybody asks for at once, looked up at most once in a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

FRESH_SECONDS: Final = 1.0


class Fresh(Generic[Key, Value]):
    """Answers at most `FRESH_SECONDS` old, one question under way for each key, however many wait for it.

    A question that fails is not remembered; whoever leaves while it is under way takes nobody along.
    """

    def __init__(
        self, ask: Callable[[Key], Awaitable[Value]], *, most: int = 10_000, is_kept: bool = True
    ) -> None:
        """Nothing is asked yet. What is not kept is asked anew once its question is answered."""
        self._ask = ask
        self._most = most if is_kept else 0
        self._seen: dict[Key, tuple[float, Value]] = {}
        self._asking: dict[Key, asyncio.Task[Value]] = {}

    def lately(self, key: Key) -> Value | None:
        """What was found before, however long ago; for whoever must not ask."""
        seen = self._seen.get(key)
        return seen[1] if seen else None

    def forget(self, key: Key) -> None:
        """Ask again for whoever wants to see what they have just changed; an answer that is on its way came too early."""
        self._seen.pop(key, None)
        self._asking.pop(key, None)

    def forget_all(self, which: Callable[[Key], bool]) -> None:
        """As `forget`, each key of which this is true."""
        for key in {*self._seen, *self._asking}:
            if which(key):
                self.forget(key)

    async def get(self, key: Key) -> Value:
        """The answer as it was at most `FRESH_SECONDS` ago."""
        seen = self._seen.get(key)
        if seen is not None and time.monotonic() - seen[0] < FRESH_SECONDS:
            return seen[1]
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.create_task(self._find(key))
            asking.add_done_callback(_heard)
        return await asyncio.shield(asking)

    async def _find(self, key: Key) -> Value:
        asked = time.monotonic()
        task = asyncio.current_task()
        try:
            found = await self._ask(key)
            if self._most and self._asking.get(key) is task:
                self._seen.pop(key, None)  # what was asked last stands last, and goes last
                if len(self._seen) >= self._most:
                    del self._seen[next(iter(self._seen))]
                self._seen[key] = (asked, found)
            return found
        finally:
            if self._asking.get(key) is task:
                del self._asking[key]


def _heard(task: "asyncio.Task[Value]") -> None:
    """A failure that nobody is left to hear of is no defect."""
    if not task.cancelled():
        task.exception()
