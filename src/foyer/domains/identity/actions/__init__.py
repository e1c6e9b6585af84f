"""Writes of identity."""

from foyer.domains.identity.actions.codes import forget_buyer_codes, fresh_buyer_code, use_buyer_code
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
    link_for_operator,
    reset_password,
)
from foyer.domains.identity.actions.sessions import (
    begin_session,
    end_session,
    sign_in,
    sign_out,
    sign_out_elsewhere,
    touch_session,
)
from foyer.domains.identity.actions.staff import add_user, change_password, change_role
from foyer.domains.identity.actions.turns import forget_turns, take_turns

__all__ = [
    "add_device",
    "add_user",
    "ask_for_confirmation",
    "ask_for_reset",
    "begin_pairing",
    "begin_session",
    "change_password",
    "change_role",
    "confirm_address",
    "end_session",
    "forget_buyer_codes",
    "forget_turns",
    "fresh_buyer_code",
    "fresh_confirmation_link",
    "fresh_reset_link",
    "issue_api_key",
    "issue_device",
    "leave_device",
    "link_for_operator",
    "redeem_pairing",
    "reset_password",
    "revoke_device",
    "sign_in",
    "sign_out",
    "sign_out_elsewhere",
    "take_turns",
    "touch_session",
    "use_buyer_code",
]
