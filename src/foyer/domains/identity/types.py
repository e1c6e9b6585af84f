"""Values of identity."""

from uuid import UUID

from foyer.kernel.wire import Wire


class UserDraft(Wire, frozen=True):
    """A member of staff to be added."""

    name: str
    email: str
    password: str
    role: str


class Issued(Wire, frozen=True):
    """A credential at the only moment its secret is known."""

    id: UUID
    secret: str
