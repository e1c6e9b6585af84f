"""The shop that buyers see."""

from foyer.web.storefront import (
    access,
    account,
    browse,
    buy,
    crawlers,
    files,
    guests,
    live,
    order,
    reminders,
    ticket,
    waiting,
    widget,
)

ROUTES = [
    *files.ROUTES,
    *access.ROUTES,
    *crawlers.ROUTES,
    *browse.ROUTES,
    *buy.ROUTES,
    *account.ROUTES,
    *live.ROUTES,
    *order.ROUTES,
    *guests.ROUTES,
    *reminders.ROUTES,
    *ticket.ROUTES,
    *waiting.ROUTES,
    *widget.ROUTES,
]
