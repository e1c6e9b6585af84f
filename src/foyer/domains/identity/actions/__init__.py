"""Writes of identity."""

from foyer.domains.identity.actions.credentials import issue_api_key, issue_device
from foyer.domains.identity.actions.devices import (
    add_device,
    begin_pairing,
    leave_device,
    redeem_pairing,
    revoke_device,
)
from foyer.domains.identity.actions.links import (
    ask_for_confirmation,
    ask_for_reset,
    confirm_address,
    fresh_confirmation_link,
    fresh_reset_link,
    reset_password,
)
from foyer.domains.identity.actions.sessions import (
    begin_session,
    end_other_sessions,
    end_session,
    touch_session,
)
from foyer.domains.identity.actions.staff import add_user

__all__ = [
    "add_device",
    "add_user",
    "ask_for_confirmation",
    "ask_for_reset",
    "begin_pairing",
    "begin_session",
    "confirm_address",
    "end_other_sessions",
    "end_session",
    "fresh_confirmation_link",
    "fresh_reset_link",
    "issue_api_key",
    "issue_device",
    "leave_device",
    "redeem_pairing",
    "reset_password",
    "revoke_device",
    "touch_session",
]
