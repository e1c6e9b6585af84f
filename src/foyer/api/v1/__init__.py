"""Version 1 of the JSON interface."""

from foyer.api.v1 import check_ins, events, shops

ROUTES = [*shops.ROUTES, *events.ROUTES, *check_ins.ROUTES]
