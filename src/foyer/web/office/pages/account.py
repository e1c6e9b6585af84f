"""One's own account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from foyer.domains.identity.types import SignedInAt
from foyer.kernel.errors import Finding
from foyer.web.office.frame import Frame
from foyer.web.shared.pages.findings import finding_for
from foyer.web.shared.staff import Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """`sessions` has the one of this very browser among others; `as_of` is the server's time."""

    frame: Frame
    staff: Staff
    sessions: Sequence[SignedInAt]
    as_of: datetime
    findings: Sequence[Finding] = ()

    def finding(self, name: str) -> Finding | None:
        return finding_for(self.findings, name)

    @property
    def general(self) -> Finding | None:
        """What is wrong, and is not about one field."""
        return next((one for one in self.findings if one.field not in {"current", "password"}), None)

    def is_here(self, session: SignedInAt) -> bool:
        return session.id == self.staff.session_id

    def seen(self, session: SignedInAt) -> str:
        """When somebody was there last, as roughly as it is known."""
        ago = self.as_of - session.last_active
        if self.is_here(session) or ago < timedelta(minutes=10):
            return "Active now"
        if ago < timedelta(hours=1):
            return f"{int(ago.total_seconds() // 60)} minutes ago"
        if ago < timedelta(days=1):
            hours = int(ago.total_seconds() // 3600)
            return "1 hour ago" if hours == 1 else f"{hours} hours ago"
        return "Yesterday" if ago < timedelta(days=2) else f"{ago.days} days ago"
