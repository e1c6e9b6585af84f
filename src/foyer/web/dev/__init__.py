"""Pages for whoever builds and tries Foyer; they exist in demo mode only."""

from foyer.web.dev import components, mail

ROUTES = [*components.ROUTES, *mail.ROUTES]
