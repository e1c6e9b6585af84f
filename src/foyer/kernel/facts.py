"""Facts: what has happened, told to whoever has to act on it. A fact never carries a secret."""

from typing import ClassVar
from uuid import UUID

from foyer.kernel.wire import Wire


class Fact(Wire, frozen=True):
    """One thing that happened to one subject; `type` is stable for ever, renaming it is a migration."""

    type: ClassVar[str]

    @property
    def subject_id(self) -> UUID:
        raise NotImplementedError
