"""Staff and where they are signed in, API keys and door devices."""

from foyer.domains.identity.actions import (
    add_user,
    ask_for_confirmation,
    ask_for_reset,
    begin_session,
    confirm_address,
    end_other_sessions,
    end_session,
    fresh_confirmation_link,
    fresh_reset_link,
    issue_api_key,
    issue_device,
    reset_password,
    revoke_device,
    touch_session,
)
from foyer.domains.identity.queries import actor_behind, serves_all_events, session_behind

__all__ = [
    "actor_behind",
    "add_user",
    "ask_for_confirmation",
    "ask_for_reset",
    "begin_session",
    "confirm_address",
    "end_other_sessions",
    "end_session",
    "fresh_confirmation_link",
    "fresh_reset_link",
    "issue_api_key",
    "issue_device",
    "reset_password",
    "revoke_device",
    "serves_all_events",
    "session_behind",
    "touch_session",
]
