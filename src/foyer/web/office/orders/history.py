"""Everything that ever happened to an order, told in one line each, the newest first."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from foyer.domains.identity import names_of
from foyer.domains.notifications import mails_about
from foyer.domains.notifications.types import Mail, MailKind, MailStatus
from foyer.domains.orders.types import OrderStaff
from foyer.domains.payments import attempts_of_order, refunds_of_order
from foyer.domains.payments.types import Attempt, AttemptStatus, Refund, RefundStatus
from foyer.domains.tickets import Guest, changes_of_hands, scans_of
from foyer.domains.tickets.types import Scan, ScanResult
from foyer.infra.db.tx import ReadTx
from foyer.infra.history import Happened, acts_upon, facts_about
from foyer.web.office.pages.orders import Happening, method_words
from foyer.web.shared.filters import amount

T = TypeVar("T")

SHOWN_MAX: Final = 200
CANCELLED: Final = {
    "unpaid": "It was not paid in time; its places went back on sale.",
    "buyer": "The buyer gave it up; its places went back on sale.",
    "staff": "Its places went back on sale.",
    "refused": "It was not approved; its places went back on sale.",
    "event_cancelled": "The event was cancelled.",
}
SCANNED: Final = {
    ScanResult.ADMITTED: ("check", "Came in", "good"),
    ScanResult.ALREADY_USED: ("alert", "Held out again at the door", "warn"),
    ScanResult.CANCELLED: ("ban", "Refused at the door: cancelled", "bad"),
    ScanResult.REFUNDED: ("ban", "Refused at the door: refunded", "bad"),
    ScanResult.WRONG_EVENT: ("ban", "Held out at another event", "warn"),
    ScanResult.SUPERSEDED: ("ban", "Refused at the door: an old code of a ticket that was handed on", "bad"),
}
FACTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "order.placed": ("cart", "Ordered", "plain"),
    "order.confirmed": ("check", "Confirmed, tickets issued", "good"),
    "order.approved": ("check-circle", "Approved", "good"),
    "order.cancelled": ("ban", "Cancelled", "plain"),
    "order.readdressed": ("edit", "Given to another address", "plain"),
    "refund.due": ("alert", "A refund is due", "warn"),
    "refund.failed": ("alert", "A refund failed", "bad"),
}
"""Facts that are told; what stands elsewhere in the timeline, with more to say, is left out."""
ACTS: Final[Mapping[str, tuple[str, str]]] = {
    "order.noted": ("edit", "Notes changed"),
    "order.paid": ("card", "Marked as paid"),
    "order.refused": ("ban", "Refused"),
    "ticket.attendee_changed": ("edit", "Attendee changed"),
    "ticket.check_in_undone": ("undo", "Check-in undone"),
    "order.mail_sent": ("send", "Mail asked for again"),
}


MAILS: Final[Mapping[MailKind, str]] = {
    MailKind.ORDER_CONFIRMED: "Tickets",
    MailKind.ORDER_PLACED: "How to pay",
    MailKind.ORDER_REQUESTED: "That the order waits for approval",
    MailKind.ORDER_APPROVED: "That the order is approved",
    MailKind.ORDER_REFUSED: "That the order is refused",
    MailKind.ORDER_CANCELLED: "That the order is cancelled",
    MailKind.ORDER_EXPIRED: "That the order was not paid in time",
    MailKind.ORDER_REFUNDED: "That money goes back",
    MailKind.EVENT_CANCELLED: "That the event is cancelled",
    MailKind.TICKET_SENT: "That a ticket was handed on",
    MailKind.TICKET_RECEIVED: "A ticket that was handed on",
}
MAILED: Final[Mapping[MailStatus, tuple[str, str, str]]] = {
    MailStatus.PENDING: ("clock", "waits to be sent", "plain"),
    MailStatus.SENT: ("send", "sent", "plain"),
    MailStatus.BOUNCED: ("alert", "could not be delivered", "bad"),
    MailStatus.FAILED: ("alert", "could not be sent", "bad"),
}


class _Told(NamedTuple):
    """What the timeline is made of."""

    order: OrderStaff
    guests: Mapping[UUID, Guest]
    names: Mapping[UUID, str]

    def by(self, *ids: UUID | None) -> str:
        return next((f"By {self.names[one]}" for one in ids if one is not None and one in self.names), "")

    def whose(self, ticket_id: UUID) -> str:
        guest = self.guests.get(ticket_id)
        return f"{guest.name or 'No name'}, {guest.type_name}" if guest else ""


async def history_of(tx: ReadTx, order: OrderStaff, guests: Sequence[Guest]) -> list[Happening]:
    """The timeline of an order with its tickets."""
    tickets = {guest.ticket.id: guest for guest in guests}
    subjects = [order.id, *tickets]
    facts = await facts_about(tx, subjects, most=SHOWN_MAX)
    acts = await acts_upon(tx, subjects, most=SHOWN_MAX)
    scans = await scans_of(tx, list(tickets), most=SHOWN_MAX)
    hands = await changes_of_hands(tx, list(tickets), most=SHOWN_MAX)
    mails = await mails_about(tx, *subjects)
    attempts, refunds = await attempts_of_order(tx, order.id), await refunds_of_order(tx, order.id)
    doers = {one.actor_id for one in (*facts, *acts)} | {one.user_id for one in refunds}
    doers |= {one.user_id for one in scans} | {one.device_id for one in scans}
    told = _Told(order, tickets, await names_of(tx, {one for one in doers if one is not None}))
    found = [
        *_placed(told, facts),
        *_each(facts, lambda one: _fact(told, one)),
        *_each(acts, lambda one: _act(told, one)),
        *_each(scans, lambda one: _scan(told, one)),
        *_each(mails, _mail),
        *_each(attempts, _attempt),
        *_each(refunds, lambda one: _refund(told, one)),
        *(
            Happening("transfer", "Handed on to somebody else", told.whose(one.ticket_id), one.at)
            for one in hands
        ),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN_MAX]


def _each(rows: Sequence[T], tell: Callable[[T], Happening | None]) -> list[Happening]:
    return [one for one in map(tell, rows) if one is not None]


def _placed(told: _Told, facts: Sequence[Happened]) -> list[Happening]:
    """That it was ordered, where no fact says so."""
    if any(fact.name == "order.placed" for fact in facts):
        return []
    return [Happening("cart", "Ordered", _lines(told.order), told.order.created_at)]


def _lines(order: OrderStaff) -> str:
    return ", ".join(f"{line.quantity} × {line.name}" for line in order.items)


def _fact(told: _Told, fact: Happened) -> Happening | None:
    known = FACTS.get(fact.name)
    if known is None:
        return None
    icon, what, kind = known
    detail = told.by(fact.actor_id)
    if fact.name == "order.placed":
        what = "Ordered, approval asked for" if fact.body.get("needsApproval") else what
        detail = _lines(told.order)
    elif fact.name == "order.cancelled":
        detail = CANCELLED.get(str(fact.body.get("reason")), detail)
    elif "amount" in fact.body:
        detail = amount(int(fact.body["amount"]), told.order.currency)
    return Happening(icon, what, detail, fact.at, kind)


def _act(told: _Told, act: Happened) -> Happening | None:
    known = ACTS.get(act.name)
    if known is None:
        return None
    whose = told.whose(act.subject_id)
    return Happening(
        known[0], known[1], ". ".join(one for one in (whose, told.by(act.actor_id)) if one), act.at
    )


def _scan(told: _Told, scan: Scan) -> Happening | None:
    known = SCANNED.get(scan.result) if scan.result is not None else None
    if known is None:
        return None
    where = told.names.get(scan.device_id) if scan.device_id else told.by(scan.user_id)
    parts = [told.whose(scan.ticket_id), where or ""]
    return Happening(known[0], known[1], " · ".join(one for one in parts if one), scan.at, known[2])


def _mail(mail: Mail) -> Happening | None:
    """A mail to buyers; what staff are written about an order says nothing that does not stand here."""
    if mail.kind not in MAILS or mail.status not in MAILED:
        return None
    icon, became, kind = MAILED[mail.status]
    detail = ". ".join(one for one in (mail.recipient, mail.error_message) if one)
    return Happening(icon, f"{MAILS[mail.kind]}: {became}", detail, mail.sent_at or mail.created_at, kind)


def _attempt(one: Attempt) -> Happening | None:
    asked, method = amount(one.amount, one.currency), method_words(one.provider).lower()
    if one.status is AttemptStatus.SUCCEEDED:
        return Happening("check", f"Paid {asked}", method.capitalize(), one.updated_at, "good")
    if one.status is AttemptStatus.FAILED:
        return Happening(
            "alert", "A payment failed", one.error_message or method.capitalize(), one.updated_at, "bad"
        )
    return None


def _refund(told: _Told, one: Refund) -> Happening | None:
    back = amount(one.amount, one.currency)
    tickets = sum(line.quantity for line in one.lines)
    what = (
        f"{tickets} ticket{'' if tickets == 1 else 's'}" if tickets else "For goodwill, all tickets stay good"
    )
    detail = ". ".join(part for part in (what, one.reason, told.by(one.user_id)) if part)
    match one.status:
        case RefundStatus.COMPLETED:
            return Happening("undo", f"Refunded {back}", detail, one.updated_at, "warn")
        case RefundStatus.PENDING:
            return Happening("undo", f"Refund of {back} on its way", detail, one.updated_at)
        case RefundStatus.FAILED:
            return Happening(
                "alert", f"Refund of {back} failed", one.error_message or detail, one.updated_at, "bad"
            )
        case RefundStatus.DUE:
            return None
