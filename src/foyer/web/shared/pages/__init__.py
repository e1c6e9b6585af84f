"""What each page of a shop needs to be drawn: handlers fill these, templates read them, nothing else crosses.

A template gets the value as `page`. Every page has a `shop` (None: no shop is known) and a `title`.
Findings carry the name of the form's own field, so that an error stands beside what was typed.
"""

from foyer.web.shared.pages.account import AccountPage, Bought, FindOrdersPage, Standing
from foyer.web.shared.pages.asked import answers_in, said_with
from foyer.web.shared.pages.browse import (
    CHANGES_FIELD,
    QUANTITY_FIELD,
    SPANS,
    EventPage,
    HomePage,
    LandingPage,
    OfferCard,
    with_held,
)
from foyer.web.shared.pages.busy import BusyPage
from foyer.web.shared.pages.buy import (
    CODE_FIELD,
    CONTACT_WORDS,
    TOTAL_FIELD,
    AttendeeSlot,
    CheckoutPage,
    Way,
    asked_once,
    named_at,
    resettled,
    slots_of,
    were_others,
)
from foyer.web.shared.pages.order import GuestsPage, OrderPage, TicketView
from foyer.web.shared.pages.seen import Seen, event_seen, shop_seen
from foyer.web.shared.pages.state import StateKind, StatePage
from foyer.web.shared.pages.ticket import HandedOnPage, RemindersPage, TicketPage
from foyer.web.shared.pages.waiting import (
    REMIND_EMAIL,
    REMIND_TYPE,
    WAITING_COUNT,
    WAITING_EMAIL,
    WAITING_TYPE,
    JoinedPage,
    NoReminderPage,
    ReminderPage,
    WaitingPage,
)

__all__ = [
    "CHANGES_FIELD",
    "CODE_FIELD",
    "CONTACT_WORDS",
    "QUANTITY_FIELD",
    "REMIND_EMAIL",
    "REMIND_TYPE",
    "SPANS",
    "TOTAL_FIELD",
    "WAITING_COUNT",
    "WAITING_EMAIL",
    "WAITING_TYPE",
    "AccountPage",
    "AttendeeSlot",
    "Bought",
    "BusyPage",
    "CheckoutPage",
    "EventPage",
    "FindOrdersPage",
    "GuestsPage",
    "HandedOnPage",
    "HomePage",
    "JoinedPage",
    "LandingPage",
    "NoReminderPage",
    "OfferCard",
    "OrderPage",
    "ReminderPage",
    "RemindersPage",
    "Seen",
    "Standing",
    "StateKind",
    "StatePage",
    "TicketPage",
    "TicketView",
    "WaitingPage",
    "Way",
    "answers_in",
    "asked_once",
    "event_seen",
    "named_at",
    "resettled",
    "said_with",
    "shop_seen",
    "slots_of",
    "were_others",
    "with_held",
]
