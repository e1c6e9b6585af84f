"""Each fact brings exactly the mails it should, and none to anybody else."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from foyer.domains.checkout import (
    approve_order,
    begin_refund,
    cancel_event,
    erase_customer,
    place_ask,
    refuse_order,
)
from foyer.domains.checkout.types import Goodwill
from foyer.domains.customers import enter_account, seek_orders
from foyer.domains.customers.types import Customer
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.identity import ask_for_confirmation, ask_for_reset
from foyer.domains.notifications import mails_about, resend_order_mail
from foyer.domains.notifications.documents import gather
from foyer.domains.orders import change_buyer, order_for_staff
from foyer.domains.orders.types import CancelReason
from foyer.domains.tickets import tickets_of_order, transfer_ticket
from foyer.domains.tickets.types import Receiver
from foyer.infra.wallets import wallets_of
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Conflict
from tests.support.wallets import ISSUER, chain, google_file
from tests.support.world import KEYRING, settings_for

FREE = TicketTypeDraft(name="Free", quantity=50, is_free=True)
PAID = TicketTypeDraft(name="Stalls", quantity=50, price=2_000)
ASKED = TicketTypeDraft(name="Club", quantity=50, price=2_000, requires_approval=True)
WALLET_LINK = re.compile(r"https?://[^/]+(/\S+-wallet\S*)")
JO, DESK = "jo@example.org", "desk@example.org"


async def bought(mailroom, event, place, *, method="manual", email=JO, count=1):
    return await mailroom.trade.buy(event, {event.ticket_types[place].id: count}, email, method)


def names(mail):
    return [file.name for file in mail.attachments]


async def subjects(mailroom):
    return sorted((to, subject) for subject, to in await mailroom.fresh())


@pytest.fixture
async def event(mailroom):
    return await mailroom.trade.event(FREE, PAID, ASKED)


async def test_free_order_brings_its_tickets_and_one_notice(mailroom, event):
    order = await bought(mailroom, event, 0, method="free", count=2)

    found = await mailroom.fresh()

    assert sorted((to, subject) for subject, to in found) == [
        (DESK, "New order for An evening"),
        (JO, "Your tickets for An evening"),
    ]
    mail = found["Your tickets for An evening", JO]
    assert f"/orders/{order.id}?key=" in mail.text
    assert mail.head.sender == "Test House <tickets@localhost>"
    assert names(mail) == [f"tickets-{order.order_number}.pdf", "event.ics"]
    assert mail.attachments[0].content.startswith(b"%PDF-")
    assert b"BEGIN:VCALENDAR" in mail.attachments[1].content
    headers = dict(mail.headers)
    assert headers["Reply-To"] == DESK
    assert headers["Auto-Submitted"] == "auto-generated"
    assert await mailroom.work() == []


async def test_order_by_invoice_asks_for_money_and_then_brings_tickets(mailroom, event):
    order = await bought(mailroom, event, 1)
    number = f"{order.order_number[:4]}-{order.order_number[4:]}"
    found = await mailroom.fresh()
    assert sorted((to, subject) for subject, to in found) == [
        (DESK, "New order: €20.00 for An evening"),
        (JO, "Please pay €20.00 for An evening"),
    ]
    asked = found["Please pay €20.00 for An evening", JO]
    assert number in asked.text
    assert [name.partition("-")[0] for name in names(asked)] == ["invoice"]

    await mailroom.trade.mark_paid(order.id)
    found = await mailroom.fresh()

    assert list(found) == [("Your ticket for An evening", JO)]
    brought = names(found["Your ticket for An evening", JO])
    assert [name.partition("-")[0] for name in brought] == ["tickets", "invoice", "event.ics"]


async def test_buyer_is_written_to_in_the_language_they_read(mailroom, event):
    trade = mailroom.trade
    cart = await trade.reserve(event.id, {event.ticket_types[1].id: 1})
    ask = place_ask(cart.id, Customer(email=JO), [], "manual", known_methods=trade.providers, language="de")
    await trade.desks.place.ask(trade.counter(event.id), ask)
    found = await mailroom.fresh()

    assert set(found) == {
        ("Bitte bezahlen Sie 20,00 € für An evening", JO), ("New order: €20.00 for An evening", DESK),
    }  # fmt: skip
    assert dict(found["Bitte bezahlen Sie 20,00 € für An evening", JO].headers)["Content-Language"] == "de"


async def test_card_payment_under_way_is_not_asked_for_by_mail(mailroom, event):
    order = await bought(mailroom, event, 1, method="sandbox")
    assert await subjects(mailroom) == []

    await mailroom.trade.pay(order.id)

    assert await subjects(mailroom) == [
        (DESK, "New order: €20.00 for An evening"),
        (JO, "Your ticket for An evening"),
    ]


async def test_request_is_told_and_each_answer_to_it(mailroom, event):
    trade, owner = mailroom.trade, mailroom.trade.organization.owner
    yes, no = await bought(mailroom, event, 2), await bought(mailroom, event, 2, email="lu@example.org")
    asked = "Please decide: a request for An evening"
    assert await subjects(mailroom) == [
        (DESK, asked),
        (JO, "Your request for An evening"),
        ("lu@example.org", "Your request for An evening"),
    ]
    async with trade.database.write(trade.id) as tx:
        await approve_order(tx, yes.id, actor=owner, providers=trade.providers)
    async with trade.database.write(trade.id) as tx:
        await refuse_order(tx, no.id, actor=owner, reason="Full of {brass}. %s")
    found = await mailroom.fresh()

    assert sorted((to, subject) for subject, to in found) == [
        (JO, "You can come: An evening"),
        ("lu@example.org", "Your request for An evening was not accepted"),
    ]
    refusal = found["Your request for An evening was not accepted", "lu@example.org"]
    assert "> Full of {brass}. %s" in refusal.text


@pytest.mark.parametrize(
    ("reason", "said"),
    [(CancelReason.BUYER, "You cancelled it."), (CancelReason.STAFF, "The organizer cancelled it.")],
)
async def test_cancelling_says_who_did_it(mailroom, event, reason, said):
    order = await bought(mailroom, event, 1)
    await mailroom.fresh()
    await mailroom.trade.cancel(order.id, reason)

    found = await mailroom.fresh()

    assert list(found) == [("Your order for An evening is cancelled", JO)]
    assert said in found["Your order for An evening is cancelled", JO].text
    assert "Nothing was charged" in found["Your order for An evening is cancelled", JO].text


async def test_unpaid_order_that_ends_is_told(mailroom, event):
    await bought(mailroom, event, 1)
    await mailroom.fresh()
    mailroom.trade.jump(timedelta(days=8))
    await mailroom.trade.sweep()

    found = await mailroom.fresh()

    assert list(found) == [("Your order for An evening has ended", JO)]
    assert "not paid in time" in found["Your order for An evening has ended", JO].text


async def test_refund_says_how_much_and_which_tickets_are_left(mailroom, event):
    order = await bought(mailroom, event, 1, count=3)
    await mailroom.trade.mark_paid(order.id)
    await mailroom.fresh()

    await mailroom.trade.refund(order.id, (order.items[0].id, 1))
    found = await mailroom.fresh()

    assert list(found) == [("€20.00 went back to you", JO)]
    text = found["€20.00 went back to you", JO].text
    assert "2 tickets of this order still work" in text
    assert [name[:11] for name in names(found["€20.00 went back to you", JO])] == ["credit-note"]
    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        owner = mailroom.trade.organization.owner
        await begin_refund(tx, order.id, Goodwill(amount=2_000), actor=owner, reason=None)
    await mailroom.trade.perform_refund(order.id)
    again = (await mailroom.fresh())["€20.00 went back to you", JO]
    assert names(again) == []  # the note of the ticket is over the same amount, and not this refund's
    await mailroom.trade.refund(order.id)
    last = (await mailroom.fresh())["€20.00 went back to you", JO]
    assert [name[:11] for name in names(last)] == ["credit-note"]


async def test_cancelled_event_is_told_to_everybody_with_an_order_and_once(mailroom, event):
    paid = await bought(mailroom, event, 1)
    await mailroom.trade.mark_paid(paid.id)
    await bought(mailroom, event, 0, method="free", email="lu@example.org")
    await bought(mailroom, event, 1, email="max@example.org")
    gone = await bought(mailroom, event, 0, method="free", email="gone@example.org")
    await mailroom.trade.cancel(gone.id)
    await mailroom.fresh()

    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        await cancel_event(tx, event.id, actor=mailroom.trade.organization.owner)
    await mailroom.trade.sweep()
    found = await mailroom.fresh()

    told = "An evening is cancelled"
    assert sorted((to, subject) for subject, to in found) == [
        (JO, told), ("lu@example.org", told), ("max@example.org", told),
    ]  # fmt: skip
    assert "€20.00 goes back to you" in found[told, JO].text
    assert "Nothing was charged" in found[told, "lu@example.org"].text
    assert "Nothing was charged" in found[told, "max@example.org"].text


async def test_ticket_handed_on_is_told_to_both(mailroom, event):
    order = await bought(mailroom, event, 1)
    await mailroom.trade.mark_paid(order.id)
    await mailroom.fresh()
    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        ticket = (await tickets_of_order(tx, order.id, mailroom.trade.desks.signer))[0]
        receiver = Receiver(email="lu@example.org", first_name="Lu", last_name="Ferrer")
        await transfer_ticket(tx, ticket.id, receiver, actor=mailroom.trade.organization.owner)

    found = await mailroom.fresh()

    assert sorted((to, subject) for subject, to in found) == [
        (JO, "You passed on a ticket for An evening"),
        ("lu@example.org", "A ticket for An evening"),
    ]
    given = found["You passed on a ticket for An evening", JO]
    got = found["A ticket for An evening", "lu@example.org"]
    assert "Lu Ferrer" in given.text
    assert f"/tickets/{ticket.id}?key=" in got.text
    assert f"/tickets/{ticket.id}" not in given.text
    assert not WALLET_LINK.search(got.text), "without keys"


async def test_mails_with_tickets_lead_into_the_wallets_that_have_keys(
    mailroom, event, tmp_path, monkeypatch
):
    given = {"google_wallet": google_file(tmp_path)[0], "google_wallet_issuer": ISSUER}
    keyed = wallets_of(settings_for(tmp_path, apple_wallet=chain().written(tmp_path), **given))
    mailroom.tools = replace(mailroom.tools, wallets=keyed)
    trade, house = mailroom.trade, mailroom.trade.organization
    order = await bought(mailroom, event, 0, method="free", count=2)
    async with trade.database.read(trade.id) as tx:
        first, second = await tickets_of_order(tx, order.id, trade.desks.signer)

    found = await mailroom.fresh()

    def ways(ticket, generation):
        key = KEYRING.holder_token("ticket", trade.id, ticket.id, generation)
        return [f"/{house.slug}/tickets/{ticket.id}/{one}-wallet?key={key}" for one in ("apple", "google")]

    mine = found["Your tickets for An evening", JO].text
    assert WALLET_LINK.findall(mine) == ways(first, 1) + ways(second, 1)
    assert "Add to Apple Wallet: " in mine
    assert not WALLET_LINK.search(found["New order for An evening", DESK].text)
    monkeypatch.setattr(gather, "LISTED_MAX", 1)
    async with trade.database.write(trade.id) as tx:
        await resend_order_mail(tx, order.id, actor=house.owner)
    many = (await mailroom.fresh())["Your tickets for An evening", JO].text
    assert not WALLET_LINK.search(many), "more tickets than a mail leads from"
    async with trade.database.write(trade.id) as tx:
        await transfer_ticket(tx, first.id, Receiver(email="lu@example.org"), actor=house.owner)
    got = (await mailroom.fresh())["A ticket for An evening", "lu@example.org"].text
    assert WALLET_LINK.findall(got) == ways(first, 2)


async def test_order_under_another_address_is_never_told_to_the_old_one(mailroom, event):
    trade = mailroom.trade
    order = await bought(mailroom, event, 1)
    await mailroom.fresh()
    async with trade.database.write(trade.id) as tx:
        await resend_order_mail(tx, order.id, actor=trade.organization.owner)
        await change_buyer(tx, order.id, "lu@example.org", actor=trade.organization.owner)

    assert await subjects(mailroom) == [("lu@example.org", "Please pay €20.00 for An evening")]
    assert ("order_placed", JO, "dropped") in await mailroom.log()


async def test_what_is_no_longer_true_is_not_sent(mailroom, event):
    order = await bought(mailroom, event, 1)
    await mailroom.trade.cancel(order.id)

    assert (JO, "Your order for An evening is cancelled") in await subjects(mailroom)
    assert ("order_placed", JO, "dropped") in await mailroom.log()


async def test_links_are_sent_to_who_has_orders(mailroom, event):
    order = await bought(mailroom, event, 1)
    await mailroom.fresh()
    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        await seek_orders(tx, " JO@example.org", language="en", actor=visitor(mailroom.trade.id))
        await seek_orders(tx, "nobody@example.org", language="en", actor=visitor(mailroom.trade.id))

    found = await mailroom.fresh()

    assert list(found) == [("Your orders at Test House", JO)]
    key = KEYRING.holder_token("order", mailroom.trade.id, order.id, order.generation)
    told = found["Your orders at Test House", JO].text
    assert f"/orders/{order.id}?key={key}" in told
    number = f"({order.order_number[:4]}-{order.order_number[4:]})"
    assert any(line.endswith(number) for line in told.splitlines()), "when it is stands on a line of its own"
    (code,) = (line for line in told.splitlines() if re.fullmatch(r"\d{4} \d{4}", line))
    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        await enter_account(tx, JO, code, keyring=KEYRING)


async def test_links_are_never_sent_to_a_mailbox_that_only_looks_alike(mailroom, event):
    """fußball.example and fussball.example are two domains; whoever ordered first would get the orders of both."""
    await bought(mailroom, event, 1, email="jo@fussball.example")
    theirs = await bought(mailroom, event, 1, email="jo@fußball.example")
    await mailroom.fresh()
    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        await seek_orders(tx, "jo@fussball.example", language="de", actor=visitor(mailroom.trade.id))

    ((subject, _), found) = (await mailroom.fresh()).popitem()

    assert subject == "Ihre Bestellungen bei Test House", "they asked in German"
    assert found.head.to == "jo@fussball.example"
    assert str(theirs.id) not in found.text


async def test_staff_get_links_that_were_made_for_the_mail(mailroom):
    organization = mailroom.trade.organization
    async with mailroom.trade.database.write(organization.id) as tx:
        await ask_for_confirmation(tx, organization.user_id, actor=organization.owner)
        await ask_for_reset(tx, organization.user_id)

    found = await mailroom.fresh()

    texts = {subject: mail.text for (subject, to), mail in found.items() if to == "ola@example.org"}
    assert "/password-reset/new?code=" in texts["A new password for Test House"]
    assert "Confirm your address for Test House" in texts or (
        "staff_confirm",
        "ola@example.org",
        "dropped",
    ) in (await mailroom.log())


async def test_house_that_wants_no_notices_gets_none_and_its_buyers_all(mailroom, event, owner_sql):
    await owner_sql.execute(
        "UPDATE organization_settings SET email_notifications = false WHERE organization_id = $1",
        mailroom.trade.id,
    )
    await bought(mailroom, event, 1)
    await bought(mailroom, event, 2)

    assert {to for _, to in await mailroom.fresh()} == {JO}


async def test_erased_buyer_is_in_no_mail_and_gets_none(mailroom, event):
    trade = mailroom.trade
    order = await bought(mailroom, event, 0, method="free")
    await mailroom.fresh()
    async with trade.database.write(trade.id) as tx:
        customer_id = (await order_for_staff(tx, order.id)).customer_id
        await resend_order_mail(tx, order.id, actor=trade.organization.owner)
    async with trade.database.write(trade.id) as tx:
        await erase_customer(tx, customer_id, actor=trade.organization.owner)

    assert await mailroom.fresh() == {}
    assert {to for kind, to, _ in await mailroom.log() if not kind.startswith("staff")} == {"erased@invalid"}
    async with trade.database.write(trade.id) as tx:
        with pytest.raises(Conflict, match="erased"):
            await resend_order_mail(tx, order.id, actor=trade.organization.owner)


async def test_staff_send_a_mail_again_but_not_all_day(mailroom, event):
    trade = mailroom.trade
    order = await bought(mailroom, event, 0, method="free")
    await mailroom.fresh()

    async def resend(order_id: UUID):
        async with trade.database.write(trade.id) as tx:
            return await resend_order_mail(tx, order_id, actor=trade.organization.owner)

    sent = [await resend(order.id) for _ in range(2)]
    with pytest.raises(Conflict, match="several times"):
        await resend(order.id)
    assert len(list((await mailroom.fresh()).items())) == 1  # same subject, same address
    async with trade.database.read(trade.id) as tx:
        told = await mails_about(tx, order.id)
    assert [mail.status.value for mail in told] == ["sent"] * 4
    assert {mail.id for mail in told} >= set(sent)
