"""The checkout desk: placing, settling, ending, and recording what providers say."""

from foyer.domains.checkout.desk.desks import Desks
from foyer.domains.checkout.desk.ending import DROP_MAX, lapse_orders, wind_up
from foyer.domains.checkout.desk.place import PlaceAsk, PlaceDesk, first_attempt, place_ask
from foyer.domains.checkout.desk.record import Paid, receive, record_payment, record_refund, remaining
from foyer.domains.checkout.desk.settle import Settling, drop, settle

__all__ = [
    "DROP_MAX", "Desks", "Paid", "PlaceAsk", "PlaceDesk", "Settling", "drop", "first_attempt", "lapse_orders", "place_ask",
    "receive", "record_payment", "record_refund", "remaining", "settle", "wind_up",
]  # fmt: skip
