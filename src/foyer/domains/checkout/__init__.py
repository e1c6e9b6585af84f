"""The buyer's flow: place, cancel, sweep."""

from foyer.domains.checkout.actions import cancel_event
from foyer.domains.checkout.desk import Desks, PlaceAsk, PlaceDesk
from foyer.domains.checkout.jobs import sweep
from foyer.domains.checkout.rules import regular_placing

__all__ = ["Desks", "PlaceAsk", "PlaceDesk", "cancel_event", "regular_placing", "sweep"]
