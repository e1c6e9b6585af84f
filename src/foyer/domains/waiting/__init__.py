"""Waiting: who wants places that are sold out and is offered those that come back, and who wants to know when a sale opens."""

from foyer.domains.waiting.actions import (
    ask_reminder,
    drop_reminder,
    end_line,
    join_line,
    leave_line,
    take_offer,
    take_reminders,
)
from foyer.domains.waiting.desk import forget_waiting
from foyer.domains.waiting.documents import WAITING_COLUMNS, waiting_rows
from foyer.domains.waiting.jobs import CRON, offer_places
from foyer.domains.waiting.queries import line_for_staff, reminded, reminder, told, waiting
from foyer.domains.waiting.rules import JOINS, REMINDERS

__all__ = [
    "CRON",
    "JOINS",
    "REMINDERS",
    "WAITING_COLUMNS",
    "ask_reminder",
    "drop_reminder",
    "end_line",
    "forget_waiting",
    "join_line",
    "leave_line",
    "line_for_staff",
    "offer_places",
    "reminded",
    "reminder",
    "take_offer",
    "take_reminders",
    "told",
    "waiting",
    "waiting_rows",
]
