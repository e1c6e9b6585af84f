"""The checkout desk: placing, settling, ending, and recording what providers say."""

from foyer.domains.checkout.desk.answers import odd_answers
from foyer.domains.checkout.desk.desks import Desks, Till
from foyer.domains.checkout.desk.ending import DROP_MAX, lapse_orders, wind_up
from foyer.domains.checkout.desk.place import PlaceAsk, PlaceDesk, first_attempt, place_ask
from foyer.domains.checkout.desk.record import remaining
from foyer.domains.checkout.desk.refunds import RefundAsk, RefundDesk
from foyer.domains.checkout.desk.settle import Settling, drop, settle
from foyer.domains.checkout.desk.till import Handed, Settled, SettleDesk, Told

__all__ = [
    "DROP_MAX", "Desks", "Handed", "PlaceAsk", "PlaceDesk", "RefundAsk", "RefundDesk", "SettleDesk", "Settled", "Settling",
    "Till", "Told", "drop", "first_attempt", "lapse_orders", "odd_answers", "place_ask", "remaining", "settle", "wind_up",
]  # fmt: skip
