"""Writes of identity."""

from foyer.domains.identity.actions.credentials import issue_api_key, issue_device, revoke_device
from foyer.domains.identity.actions.sessions import (
    begin_session,
    end_other_sessions,
    end_session,
    touch_session,
)
from foyer.domains.identity.actions.staff import add_user

__all__ = [
    "add_user",
    "begin_session",
    "end_other_sessions",
    "end_session",
    "issue_api_key",
    "issue_device",
    "revoke_device",
    "touch_session",
]
