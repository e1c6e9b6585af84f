"""The shop that buyers see."""

from foyer.web.storefront import browse, buy, files

ROUTES = [*files.ROUTES, *browse.ROUTES, *buy.ROUTES]
