"""Pages for whoever builds and tries Foyer; they exist in demo mode only."""

from foyer.web.dev import components

ROUTES = [*components.ROUTES]
