"""Pages of the office: attendees."""

from litestar.handlers import BaseRouteHandler

ROUTES: list[BaseRouteHandler] = []
