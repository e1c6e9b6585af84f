"""Waiting lists: who wants places that are sold out, and is offered those that come back."""

from foyer.domains.waiting.actions import join_line, leave_line
from foyer.domains.waiting.desk import forget_waiting
from foyer.domains.waiting.documents import WAITING_COLUMNS, waiting_rows
from foyer.domains.waiting.jobs import offer_places
from foyer.domains.waiting.queries import line_for_staff, offer_session, told, waiting
from foyer.domains.waiting.rules import JOINS

__all__ = [
    "JOINS",
    "WAITING_COLUMNS",
    "forget_waiting",
    "join_line",
    "leave_line",
    "line_for_staff",
    "offer_places",
    "offer_session",
    "told",
    "waiting",
    "waiting_rows",
]
