"""A batch on its lane: served as a whole, and taken apart where one of it is in the way of the others."""

import time
from collections.abc import Sequence
from typing import Any, Final

import structlog

from foyer.infra.batching.desk import Answer, Ask, Counter, Tally, WideDesk
from foyer.infra.batching.lane import HeldError, Lane
from foyer.infra.batching.turns import Waiting
from foyer.kernel.errors import Busy, FoyerError

log = structlog.get_logger("foyer.batching")

TRIES_MAX: Final = 32
"""Transactions for one batch. One bad request among 256 costs seventeen."""
TRYING_SECONDS: Final = 1.0
HELD_MILLISECONDS: Final = 50
"""How long a part waits for locks once the whole has waited in vain."""

Batch = Sequence[Waiting[Ask, Answer]]


async def serve(lane: Lane[Ask, Answer], counter: Counter, batch: Batch[Ask, Answer], tally: Tally) -> None:
    """Answer everybody in a batch."""
    try:
        await _serve(lane, counter, batch, tally)
    finally:
        refuse(batch)  # whoever has an answer keeps it


async def serve_all(
    lane: Lane[Ask, Answer],
    desk: WideDesk[Ask, Answer],
    parts: Sequence[tuple[Counter, Batch[Ask, Answer]]],
    tally: Tally,
) -> Sequence[Batch[Ask, Answer]]:
    """Answer everybody in a batch of several events, or tell of each event who is still to be served, by itself."""
    try:
        asks = [(counter, [waiting.ask for waiting in batch]) for counter, batch in parts]
        answers = await lane.settle_all(desk, asks)
    except BaseException as error:
        for _, batch in parts:
            refuse(batch)
        if isinstance(error, Busy):
            return [()] * len(parts)
        raise
    left = [_answer(batch, found) for (_, batch), found in zip(parts, answers, strict=True)]
    if any(left):
        tally.trouble("split")
    return left


async def _serve(lane: Lane[Ask, Answer], counter: Counter, batch: Batch[Ask, Answer], tally: Tally) -> None:
    pieces, tries, until = [batch], TRIES_MAX, time.monotonic() + TRYING_SECONDS
    while pieces and tries:
        piece = pieces.pop(0)
        tries -= 1
        try:
            _answer(piece, await lane.settle(counter, [waiting.ask for waiting in piece]))
        except HeldError:
            await _around_the_held(lane, counter, piece, tally)
        except Busy as busy:
            refuse(piece, busy.detail)
        except Exception as error:
            if len(piece) == 1:
                log.exception("request failed in its batch", clerk=tally.name)
                if not piece[0].answer.done():
                    piece[0].answer.set_exception(error)
            elif time.monotonic() < until:
                tally.trouble("split")
                pieces[:0] = _halves(piece)
            else:
                tries = 0


async def _around_the_held(
    lane: Lane[Ask, Answer], counter: Counter, batch: Batch[Ask, Answer], tally: Tally
) -> None:
    """Somebody else's lock is in the way. Who does not need it is served; where both halves need it, all do."""
    suspects = batch
    while len(suspects) > 1:
        tally.trouble("split")
        held = []
        for half in _halves(suspects):
            try:
                asks = [waiting.ask for waiting in half]
                _answer(half, await lane.settle(counter, asks, lock_milliseconds=HELD_MILLISECONDS))
            except HeldError:
                held.append(half)
            except Exception:
                log.exception("part of a batch failed beside a lock", clerk=tally.name)
        if len(held) != 1:
            return
        suspects = held[0]


def _halves(piece: Batch[Ask, Answer]) -> list[Batch[Ask, Answer]]:
    half = len(piece) // 2
    return [piece[:half], piece[half:]]


def _answer(piece: Batch[Ask, Answer], answers: Sequence[Answer | FoyerError | None]) -> Batch[Ask, Answer]:
    """Hand out the answers; who has none yet is returned."""
    left = []
    for waiting, answer in zip(piece, answers, strict=True):
        if answer is None:
            left.append(waiting)
        elif waiting.answer.done():
            continue
        elif isinstance(answer, FoyerError):
            waiting.answer.set_exception(answer)
        else:
            waiting.answer.set_result(answer)
    return left


def refuse(batch: Sequence[Waiting[Any, Any]], detail: str | None = None) -> None:
    """Tell whoever has no answer yet to come back."""
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(Busy(detail) if detail else Busy())
