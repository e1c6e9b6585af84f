"""Buyers over raw HTTP: they reserve, click twice, think again, walk away, check out, and ask again until they are answered."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final
from uuid import UUID

from tests.soak.ledger import Held, Ledger, State, places_of
from tests.soak.wire import UNANSWERED, Answer, Line

PATIENCE_SECONDS: Final = 60.0
SIZES: Final = (1, 2, 2, 2, 3, 4, 4, 6)
CLICKS_TWICE: Final = 0.2
RETURNS: Final = 0.3
"""So many come again with the session they have, and send no key: there the session tells a double click."""
WALKS_AWAY, CHANGES, RELEASES = 0.08, 0.10, 0.06


class NoAnswerError(Exception):
    """Somebody has waited for too long."""


@dataclass
class Buyer:
    """One who buys again and again, with two connections: a second click does not wait for the first one's answer."""

    number: int
    port: int
    shop: str
    ledger: Ledger
    dice: Random
    think_seconds: float
    session: str | None = None
    most: int = max(SIZES)
    """Places of a type that are asked for together; fewer after each refusal."""
    lines: list[Line] = field(default_factory=list)

    async def buy(self) -> None:
        """Until everything is sold."""
        self.lines = [Line(self.port), Line(self.port)]
        try:
            while not self.ledger.is_over:
                await asyncio.sleep(min(self.dice.expovariate(1 / self.think_seconds), self.most / 4))
                await self._visit()
        finally:
            for line in self.lines:
                line.close()

    async def _visit(self) -> None:
        cart = await self._reserve()
        if cart is None:
            return
        fate = self.dice.random()
        if fate < WALKS_AWAY:
            cart.state, self.session = State.LEFT, None
            return
        if fate < WALKS_AWAY + RELEASES:
            await self._release(cart)
            return
        if fate < WALKS_AWAY + RELEASES + CHANGES:
            await self._change(cart)
        await self._check_out(cart)

    async def _reserve(self) -> Held | None:
        kinds = list(self.ledger.places)
        chosen = self.dice.sample(kinds, 1 if self.most == 1 else self.dice.choice((1, 1, len(kinds))))
        size = min(self.most, self.dice.choice(SIZES))
        items = [{"ticketTypeId": str(kind), "quantity": size} for kind in chosen]
        body: dict[str, object] = {"eventId": str(self.ledger.event_id), "items": items}
        headers: dict[str, str] = {}
        if self.session and self.dice.random() < RETURNS:
            body["sessionId"] = self.session
        else:
            headers["Idempotency-Key"] = str(UUID(int=self.dice.getrandbits(128)))
        answers = await self._click("POST", f"{self.shop}/carts", body, headers)
        held = [self.ledger.hold(answer.body) for answer in answers if answer.status in {200, 201}]
        self._expect(answers, {200, 201, 409}, "a reservation")
        if len({cart.id for cart in held}) > 1:
            self.ledger.odd.append(f"doubled: one reservation became the carts {[cart.id for cart in held]}")
        if not held:
            self.most = max(1, self.most // 2)
            return None
        self.session = held[0].session
        return held[0]

    async def _change(self, cart: Held) -> None:
        items = [{"ticketTypeId": str(kind), "quantity": self.dice.choice(SIZES[:4])} for kind in cart.places]
        answer = await self._ask(self.lines[0], "PATCH", self._path(cart), {"items": items}, bearing(cart))
        self._expect([answer], {200, 409}, "a change")
        if answer.status == 200:
            cart.places = places_of(answer.body)

    async def _release(self, cart: Held) -> None:
        before = self.ledger.unanswered
        answer = await self._ask(self.lines[0], "DELETE", self._path(cart), None, bearing(cart))
        # Whoever was not answered asks again, and may hear that it was done.
        self._expect(
            [answer], {204} if before == self.ledger.unanswered else {204, 409, 410}, "giving a cart back"
        )
        cart.state = State.RELEASED

    async def _check_out(self, cart: Held) -> None:
        body = {"customer": {"email": f"buyer-{self.number}@example.org"}, "paymentMethod": "free"}
        answers = await self._click("POST", f"{self._path(cart)}/checkout", body, bearing(cart))
        self._expect(answers, {200, 201}, "a checkout")
        for answer in answers:
            if answer.status in {200, 201}:
                self.ledger.order(cart, answer.body)

    def _path(self, cart: Held) -> str:
        return f"{self.shop}/carts/{cart.id}"

    def _expect(self, answers: list[Answer], statuses: set[int], what: str) -> None:
        for answer in answers:
            if answer.status not in statuses:
                self.ledger.odd.append(f"{what} was answered with {answer.status}: {answer.body}")

    async def _click(self, method: str, path: str, body: object, headers: Mapping[str, str]) -> list[Answer]:
        clicks = 2 if self.dice.random() < CLICKS_TWICE else 1
        asked = (self._ask(line, method, path, body, headers) for line in self.lines[:clicks])
        return list(await asyncio.gather(*asked))

    async def _ask(
        self, line: Line, method: str, path: str, body: object, headers: Mapping[str, str]
    ) -> Answer:
        """The same request until there is an answer: whoever hears nothing, or `busy`, asks again."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            began = time.monotonic()
            self.ledger.requests += 1
            try:
                answer = await line.ask(method, path, body, headers)
            except UNANSWERED:
                self.ledger.unanswered += 1
                await asyncio.sleep(0.05)
                continue
            if answer.status == 503:
                self.ledger.busy += 1
                await asyncio.sleep(answer.retry_after_seconds * self.dice.uniform(0.5, 1.0))
                continue
            if answer.status < 300:
                self.ledger.last_success = max(self.ledger.last_success, began)
            return answer
        raise NoAnswerError(f"{method} {path} was not answered in {PATIENCE_SECONDS:.0f} seconds")


def bearing(cart: Held) -> dict[str, str]:
    return {"Authorization": f"Bearer {cart.token}"}


__all__ = ["Buyer", "NoAnswerError"]
