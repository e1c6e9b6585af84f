"""Values of identity."""

from uuid import UUID

from foyer.kernel.wire import Wire


class UserDraft(Wire):
    """A member of staff to be added."""

    name: str
    email: str
    password: str
    role: str


class Issued(Wire):
    """A credential at the only moment its secret is known."""

    id: UUID
    secret: str
