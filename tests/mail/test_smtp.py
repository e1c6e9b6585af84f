"""Handing letters in: private or not at all, one connection for many, every answer told apart."""

import asyncio
import ssl
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import default

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult

from foyer.infra.mail import AnswerLost, Attachment, Refused, Undeliverable
from foyer.infra.mail.smtp import Security, SmtpPost, SmtpServer
from tests.mail.test_words import letter

FILES = (Attachment("tickets.pdf", "application/pdf", b"%PDF-1.7 x" * 9_000),
         Attachment("event.ics", "text/calendar; method=PUBLISH; charset=utf-8", b"BEGIN:VCALENDAR"))  # fmt: skip


class Sink:
    """A mail server that keeps what it is given and answers as it is told."""

    def __init__(self):
        self.kept, self.connections = [], 0
        self.rcpt = self.data = None
        self.hangs_up = False

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - the library calls it so
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 - as above
        if self.data:
            return self.data
        self.kept.append(envelope)
        if self.hangs_up:
            server.transport.abort()
            await asyncio.sleep(5)
        return "250 taken"


@pytest.fixture(scope="module")
def ca():
    return trustme.CA()


@asynccontextmanager
async def serving(ca, *, has_tls=True, security=Security.STARTTLS, trusted=True, password="right"):
    sink = Sink()
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost", "127.0.0.1").configure_cert(theirs)
    ours = ssl.create_default_context()
    if trusted:
        ca.configure_trust(ours)

    def speak():
        sink.connections += 1
        return SMTP(
            sink, enable_SMTPUTF8=True, loop=loop,
            tls_context=theirs if has_tls and security is Security.STARTTLS else None,
            require_starttls=has_tls and security is Security.STARTTLS,
            authenticator=lambda *_: AuthResult(success=password == "right"), auth_require_tls=False,
        )  # fmt: skip

    loop = asyncio.get_running_loop()
    server = await loop.create_server(speak, "127.0.0.1", 0, ssl=theirs if security is Security.TLS else None)
    port = server.sockets[0].getsockname()[1]
    post = SmtpPost(
        SmtpServer("127.0.0.1", port, security, "foyer", password), "tickets@example.org", tls=ours,
        step_seconds=2, letter_seconds=2,
    )  # fmt: skip
    try:
        yield sink, post
    finally:
        await post.close()
        server.close()


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_letters_arrive_whole_over_one_private_connection(ca, security):
    async with serving(ca, security=security) as (sink, post):
        for number in range(5):
            await post.send(letter(subject=f"Grüße {number}", attachments=FILES))

    assert (len(sink.kept), sink.connections) == (5, 1)
    envelope = sink.kept[0]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("tickets@example.org", ["jo@example.org"])
    message = message_from_bytes(envelope.content, policy=default)
    assert message["Subject"] == "Grüße 0"
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain", "text/html", "application/pdf", "text/calendar",
    ]  # fmt: skip
    assert [part.get_payload(decode=True) for part in message.iter_attachments()] == [
        one.content for one in FILES
    ]


@pytest.mark.parametrize(
    "refusing",
    [{"has_tls": False}, {"trusted": False}, {"password": "wrong"}],
    ids=["no tls", "stranger", "login"],
)
async def test_nothing_is_said_to_a_server_that_is_not_ours_or_not_private(ca, refusing):
    async with serving(ca, **refusing) as (sink, post):
        with pytest.raises(Undeliverable):
            await post.send(letter())

    assert sink.kept == []


async def test_answers_are_told_apart_and_the_next_letter_still_leaves(ca):
    async with serving(ca) as (sink, post):
        for stage, answer, kind in (
            ("rcpt", "550 5.1.1 No such mailbox here", Refused),
            ("rcpt", "450 4.2.1 Come back later", Undeliverable),
            ("data", "451 4.3.0 Try again", Undeliverable),
            ("data", "552 5.3.4 Too large", Refused),
        ):
            setattr(sink, stage, answer)
            with pytest.raises(kind) as caught:
                await post.send(letter())
            assert caught.value.words == answer
            setattr(sink, stage, None)
        await post.send(letter(to="jö@münchen.de"))

    assert [one.rcpt_tos for one in sink.kept] == [["jö@xn--mnchen-3ya.de"]]
    assert sink.connections == 1


async def test_letter_whose_answer_never_came_is_neither_sent_nor_unsent(ca):
    async with serving(ca) as (sink, post):
        sink.hangs_up = True
        with pytest.raises(AnswerLost):
            await post.send(letter())
        sink.hangs_up = False
        await post.send(letter())

    assert (len(sink.kept), sink.connections) == (2, 2)


async def test_server_that_is_away_is_asked_later():
    post = SmtpPost(SmtpServer("127.0.0.1", 9, Security.NONE), "tickets@example.org")
    with pytest.raises(Undeliverable):
        await post.send(letter())
    await post.close()


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", SmtpServer("mail.example.org", 587, Security.STARTTLS)),
        (
            "smtps://me%40x:p%2Fw@mail.example.org",
            SmtpServer("mail.example.org", 465, Security.TLS, "me@x", "p/w"),
        ),
        ("smtp://127.0.0.1:1025", SmtpServer("127.0.0.1", 1025, Security.NONE)),
        ("smtp://[::1]", SmtpServer("::1", 25, Security.NONE)),
        ("smtp://localhost.example.org", SmtpServer("localhost.example.org", 587, Security.STARTTLS)),
    ],
)
def test_only_this_machine_is_spoken_to_in_the_clear(url, server):
    assert SmtpServer.of(url) == server
