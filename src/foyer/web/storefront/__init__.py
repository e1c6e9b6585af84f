"""The shop that buyers see."""

from foyer.web.storefront import browse, buy, files, find, order, ticket

ROUTES = [*files.ROUTES, *browse.ROUTES, *buy.ROUTES, *find.ROUTES, *order.ROUTES, *ticket.ROUTES]
