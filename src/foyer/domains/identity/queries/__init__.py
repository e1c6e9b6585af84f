"""Reads of identity."""

from foyer.domains.identity.queries.audit import audit_log
from foyer.domains.identity.queries.credentials import UNKNOWN, key_behind, serves_all_events
from foyer.domains.identity.queries.devices import devices, find_pairing, pairing_of
from foyer.domains.identity.queries.names import names_of
from foyer.domains.identity.queries.sessions import session_behind, sessions_of
from foyer.domains.identity.queries.staff import (
    active_user,
    has_confirmed_owner,
    is_still,
    link_holder,
    sent_as,
    staff_address,
    staff_known_by,
    staff_proved,
    staff_with,
)

__all__ = [
    "UNKNOWN",
    "active_user",
    "audit_log",
    "devices",
    "find_pairing",
    "has_confirmed_owner",
    "is_still",
    "key_behind",
    "link_holder",
    "names_of",
    "pairing_of",
    "sent_as",
    "serves_all_events",
    "session_behind",
    "sessions_of",
    "staff_address",
    "staff_known_by",
    "staff_proved",
    "staff_with",
]
