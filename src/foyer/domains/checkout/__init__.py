"""The buyer's flow: place, pay, settle, cancel, refund."""

from foyer.domains.checkout.actions import (
    approve_order,
    begin_refund,
    cancel_event,
    cancel_order,
    erase_customer,
    mark_many_paid,
    mark_paid,
    refuse_order,
)
from foyer.domains.checkout.desk import Desks, PlaceAsk, PlaceDesk, Till, odd_answers, place_ask
from foyer.domains.checkout.documents import ORDER_COLUMNS, chosen_rows, order_rows
from foyer.domains.checkout.jobs import begin_payment, follow_up, perform_refund, sweep
from foyer.domains.checkout.queries import CHECKS, audit, counted
from foyer.domains.checkout.reactions import REACTIONS
from foyer.domains.checkout.rules import deadline

__all__ = [
    "CHECKS",
    "ORDER_COLUMNS",
    "REACTIONS",
    "Desks",
    "PlaceAsk",
    "PlaceDesk",
    "Till",
    "approve_order",
    "audit",
    "begin_payment",
    "begin_refund",
    "cancel_event",
    "cancel_order",
    "chosen_rows",
    "counted",
    "deadline",
    "erase_customer",
    "follow_up",
    "mark_many_paid",
    "mark_paid",
    "odd_answers",
    "order_rows",
    "perform_refund",
    "place_ask",
    "refuse_order",
    "sweep",
]  # fmt: skip
