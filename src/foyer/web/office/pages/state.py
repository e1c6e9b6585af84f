"""Everything that ends a way in the office."""

from dataclasses import dataclass

from foyer.web.office.frame import Frame
from foyer.web.shared.staff import Staff


@dataclass(frozen=True, slots=True)
class OfficeState:
    """A refusal or a defect; without a frame where nobody is known to be signed in."""

    title: str
    detail: str
    icon: str = "alert"
    frame: Frame | None = None
    reference: str = ""
    again: str = ""
    """The address to try again, for what will work in a moment; the page does so by itself."""
    pause_seconds: int = 0

    @property
    def staff(self) -> Staff | None:
        return self.frame.staff if self.frame else None
