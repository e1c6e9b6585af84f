"""The shop that buyers see."""

from foyer.web.storefront import browse, buy, files, order, ticket

ROUTES = [*files.ROUTES, *browse.ROUTES, *buy.ROUTES, *order.ROUTES, *ticket.ROUTES]
