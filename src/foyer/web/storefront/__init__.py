"""The shop that buyers see."""

from foyer.web.storefront import (
    access,
    account,
    browse,
    buy,
    crawlers,
    files,
    guests,
    language,
    live,
    order,
    reminders,
    sale_reminders,
    ticket,
    waiting,
    widget,
)

FILES = files.ROUTES
"""The same in every language."""
ROUTES = [
    *access.ROUTES,
    *crawlers.ROUTES,
    *browse.ROUTES,
    *buy.ROUTES,
    *account.ROUTES,
    *language.ROUTES,
    *live.ROUTES,
    *order.ROUTES,
    *guests.ROUTES,
    *reminders.ROUTES,
    *sale_reminders.ROUTES,
    *ticket.ROUTES,
    *waiting.ROUTES,
    *widget.ROUTES,
]
