"""Staff and where they are signed in, API keys and door devices."""

from foyer.domains.identity.actions import (
    add_user,
    begin_session,
    end_other_sessions,
    end_session,
    issue_api_key,
    issue_device,
    revoke_device,
    touch_session,
)
from foyer.domains.identity.queries import actor_behind, serves_all_events, session_behind

__all__ = [
    "actor_behind",
    "add_user",
    "begin_session",
    "end_other_sessions",
    "end_session",
    "issue_api_key",
    "issue_device",
    "revoke_device",
    "serves_all_events",
    "session_behind",
    "touch_session",
]
