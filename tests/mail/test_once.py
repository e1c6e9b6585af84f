"""Each mail leaves once in effect, whatever breaks: the server, the connection, the worker between the call and its record."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.notifications import desk as sending
from foyer.domains.notifications import mails_about, resend_order_mail
from foyer.domains.notifications.actions.send import LOST, BeingSentError, send_mail
from foyer.domains.notifications.types import SendMail
from foyer.infra.mail import AnswerLost, Refused, Undeliverable

FREE = TicketTypeDraft(name="Free", quantity=50, is_free=True)
BUSY, GONE = Undeliverable("451 Try again"), Refused("550 5.1.1 No such mailbox")
KILLED = asyncio.CancelledError()
LATER = timedelta(minutes=11)


class Server:
    """Takes letters as a mail server would; what happens at each is told before. `KILLED` and `AnswerLost` come after it was taken."""

    def __init__(self, *script):
        self.script, self.taken = list(script), []
        self.meeting, self.arrived, self.all_here = 0, 0, asyncio.Event()

    async def send(self, letter):
        event = self.script.pop(0) if self.script else None
        await self.meet()
        if event is None or not isinstance(event, Undeliverable | Refused):
            self.taken.append(letter.message_id)
        if event is not None:
            raise event

    async def meet(self):
        """Wait until as many letters are on their way as are expected, or for whoever does not come."""
        self.arrived += 1
        if self.arrived >= self.meeting:
            self.all_here.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.all_here.wait(), 2)

    async def close(self):
        pass


@pytest.fixture
async def waiting(mailroom):
    """An order, and a way to try the one mail about it that waits."""
    trade = mailroom.trade
    event = await trade.event(FREE)
    order = await trade.buy(event, {event.ticket_types[0].id: 1}, "jo@example.org", "free")
    await mailroom.work()
    async with trade.database.write(trade.id) as tx:
        mail_id = await resend_order_mail(tx, order.id, actor=trade.organization.owner)
    return Waiting(mailroom, order.id, mail_id)


class Waiting:
    def __init__(self, mailroom, order_id, mail_id):
        self.mailroom, self.order_id, self.mail_id = mailroom, order_id, mail_id

    async def attempt(self, server, expected=None):
        tools = replace(self.mailroom.tools, post=server)
        doing = send_mail(tools, self.mailroom.trade.id, SendMail(mail_id=self.mail_id))
        if expected is None:
            await doing
        else:
            with pytest.raises(expected):
                await doing

    async def row(self):
        trade = self.mailroom.trade
        async with trade.database.read(trade.id) as tx:
            mail = (await mails_about(tx, self.order_id))[-1]
        return mail.status.value, mail.tries, mail.error_message


async def test_temporary_failure_is_said_and_tried_again(waiting):
    server = Server(BUSY)
    await waiting.attempt(server, Undeliverable)
    assert await waiting.row() == ("pending", 1, "451 Try again")
    await waiting.attempt(server)

    assert await waiting.row() == ("sent", 2, None)
    await waiting.attempt(server)
    assert len(server.taken) == 1


async def test_failure_after_the_last_try_is_shown_and_can_be_taken_up_by_hand(waiting):
    server = Server(*[BUSY] * 5)
    for _ in range(5):
        await waiting.attempt(server, Undeliverable)
    assert await waiting.row() == ("failed", 5, "451 Try again")
    await waiting.attempt(server)

    assert (await waiting.row())[0] == "sent"


async def test_address_that_does_not_exist_bounces_with_the_words_of_the_server(waiting):
    server = Server(GONE)
    await waiting.attempt(server)
    await waiting.attempt(server)

    assert await waiting.row() == ("bounced", 1, "550 5.1.1 No such mailbox")
    assert server.taken == []


async def test_worker_killed_before_the_record_sends_once_more_under_the_same_id(waiting):
    server = Server(KILLED)
    await waiting.attempt(server, asyncio.CancelledError)
    await waiting.attempt(server, BeingSentError)  # whoever comes meanwhile leaves it alone
    assert len(server.taken) == 1
    waiting.mailroom.trade.jump(LATER)
    await waiting.attempt(server)

    assert len(server.taken) == 2
    assert len(set(server.taken)) == 1
    assert waiting.mail_id.hex in server.taken[0]
    assert (await waiting.row())[0] == "sent"


@pytest.mark.parametrize("way", [KILLED, AnswerLost("gone")], ids=["killed", "no answer"])
async def test_mail_that_is_lost_twice_is_given_up(waiting, way):
    server = Server(way, way)
    for _ in range(4):
        try:
            await waiting.attempt(server)
        except (asyncio.CancelledError, AnswerLost):
            waiting.mailroom.trade.jump(LATER)

    assert len(server.taken) == 2
    assert await waiting.row() == ("failed", 2, LOST)


async def test_two_workers_at_once_send_one_mail(waiting):
    server = Server()
    server.meeting = 4
    tries = [waiting.attempt(server) for _ in range(4)]
    ends = await asyncio.gather(*tries, return_exceptions=True)

    assert len(server.taken) == 1
    assert {type(end) for end in ends if end is not None} <= {BeingSentError}


async def test_without_the_claim_two_workers_send_it_twice(waiting, monkeypatch):
    """The control: a claim that is over at once is none, and the same race shows."""
    monkeypatch.setattr(sending, "CLAIM_SECONDS", 0)
    monkeypatch.setattr(sending, "LOST_MAX", 100)
    server = Server()
    server.meeting = 4
    await asyncio.gather(*(waiting.attempt(server) for _ in range(4)), return_exceptions=True)

    assert len(server.taken) == 4


def test_what_a_server_says_names_nobody_in_a_log():
    said = Undeliverable("450 4.2.1 <mira.o'neil@example.org>: mailbox busy, ask mailto:help@host.example")

    assert "@" not in f"{said} {said!r}"
    assert "450 4.2.1" in str(said)
    assert "mira.o'neil@example.org" in said.words


async def test_rehearsal_writes_its_mails_and_sends_none(waiting, owner_sql):
    """The same order and the same mail as everywhere else in this file, where the server takes it."""
    marked = "UPDATE organizations SET is_rehearsal = true WHERE id = $1"
    await owner_sql.execute(marked, waiting.mailroom.trade.id)
    server = Server()
    await waiting.attempt(server)
    await waiting.attempt(server)

    assert await waiting.row() == ("dropped", 1, None)
    assert server.taken == []
