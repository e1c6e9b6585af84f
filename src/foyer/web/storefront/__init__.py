"""The shop that buyers see."""

from foyer.web.storefront import browse, buy, files, find, order, reminders, ticket

ROUTES = [
    *files.ROUTES,
    *browse.ROUTES,
    *buy.ROUTES,
    *find.ROUTES,
    *order.ROUTES,
    *reminders.ROUTES,
    *ticket.ROUTES,
]
