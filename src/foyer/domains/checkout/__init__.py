"""The buyer's flow: place, cancel, sweep."""

from foyer.domains.checkout.actions import cancel_event
from foyer.domains.checkout.desk import Desks, PlaceAsk, PlaceDesk, place_ask
from foyer.domains.checkout.jobs import sweep

__all__ = ["Desks", "PlaceAsk", "PlaceDesk", "cancel_event", "place_ask", "sweep"]
