"""What happens to staff; never a secret, and never who they are."""

from typing import ClassVar
from uuid import UUID

from foyer.kernel.facts import Fact


class UserFact(Fact, frozen=True):
    """Something that happened to one member of staff."""

    user_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.user_id


class AddressClaimed(UserFact, frozen=True):
    """Somebody says that an address is theirs; a link that is sent to it proves it (`fresh_confirmation_link`)."""

    type: ClassVar[str] = "user.address_claimed"


class PasswordResetAsked(UserFact, frozen=True):
    """Somebody, who need not be the member of staff, asked for a link that sets a new password (`fresh_reset_link`)."""

    type: ClassVar[str] = "user.password_reset_asked"


class PasswordChanged(UserFact, frozen=True):
    """The password is another one, and whoever was signed in elsewhere is signed out."""

    type: ClassVar[str] = "user.password_changed"
