"""Reads of identity."""

from foyer.domains.identity.queries.credentials import actor_behind, serves_all_events
from foyer.domains.identity.queries.devices import devices, find_pairing, pairing_of
from foyer.domains.identity.queries.sessions import session_behind

__all__ = [
    "actor_behind",
    "devices",
    "find_pairing",
    "pairing_of",
    "serves_all_events",
    "session_behind",
]
