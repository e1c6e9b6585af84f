"""Who may have a connection: so many at once, and in front of them a crowd that is short and does not wait for nothing."""

import asyncio
import time
from collections import deque
from contextvars import ContextVar
from typing import Final

from foyer.kernel.errors import Busy

PATIENCE_SECONDS: Final = 2.0
"""How long one waits, once let into the crowd."""
WAIT_SECONDS_MAX: Final = 1.5
"""Who stands in front has waited so long: whoever comes now would wait no less, and is told at once."""
CROWD_MAX: Final = 200

IS_APART: Final[ContextVar[bool]] = ContextVar("is_apart", default=False)
"""Whether what runs now serves a door or tells of health, which have connections that nobody else uses up.

Tasks begun by it inherit that. One task that reads for shop and door alike has to be two.
"""


class Gate:
    """Places that are taken and given back; who finds none waits in turn, if that is worth it."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._crowd: deque[tuple[float, asyncio.Future[None]]] = deque()

    async def enter(self) -> None:
        """Take a place; `leave` gives it back.

        Raises:
            Busy: at once, when too many wait or they wait too long; else when no place came in `PATIENCE_SECONDS`.
        """
        if self._free:
            self._free -= 1
            return
        now = time.monotonic()
        # Who gave up stays in line until the next place is given: while none is, nobody need begin to wait.
        if self._crowd and (len(self._crowd) >= CROWD_MAX or now - self._crowd[0][0] > WAIT_SECONDS_MAX):
            raise Busy
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._crowd.append((now, turn))
        timer = loop.call_later(PATIENCE_SECONDS, _give_up, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled() and turn.exception() is None:
                self.leave()  # the place came in the moment in which nobody wanted it any more
            raise
        finally:
            timer.cancel()

    def leave(self) -> None:
        """Hand the place to whoever has waited longest."""
        while self._crowd:
            _, turn = self._crowd.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


def _give_up(turn: "asyncio.Future[None]") -> None:
    if not turn.done():
        turn.set_exception(Busy())
