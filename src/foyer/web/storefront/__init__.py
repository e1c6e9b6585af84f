"""The shop that buyers see."""

from foyer.web.storefront import access, browse, buy, crawlers, files, find, live, order, reminders, ticket

ROUTES = [
    *files.ROUTES,
    *access.ROUTES,
    *crawlers.ROUTES,
    *browse.ROUTES,
    *buy.ROUTES,
    *find.ROUTES,
    *live.ROUTES,
    *order.ROUTES,
    *reminders.ROUTES,
    *ticket.ROUTES,
]
