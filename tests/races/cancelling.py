"""Cancelling a coroutine at a chosen await: the k-th time it lets go of the event loop."""

import asyncio
import types
from collections.abc import Coroutine, Generator
from typing import Any


async def cancelled_at(work: Coroutine[Any, Any, object], place: int, *, times: int = 1) -> bool:
    """Run it in a task of its own and cancel that at the await of this number (from 1), and at so many from there on.

    Returns:
        Whether it got that far; False once it has fewer awaits.
    """
    reached = False

    @types.coroutine
    def driven() -> Generator[Any, Any, None]:
        nonlocal reached
        count = 0
        step = lambda: work.send(None)  # noqa: E731
        while True:
            try:
                waits_for = step()
            except StopIteration:
                return
            count += 1
            if place <= count < place + times:
                reached = True
                task.cancel()  # takes effect in what it waits for now
            try:
                yield waits_for
            except BaseException as thrown:  # noqa: BLE001 - handed on, whatever it is
                step = lambda thrown=thrown: work.throw(thrown)  # noqa: E731
            else:
                step = lambda: work.send(None)  # noqa: E731

    async def run() -> None:
        await driven()

    task = asyncio.create_task(run())
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()  # what the cancellation has become is none of our business here
    return reached
