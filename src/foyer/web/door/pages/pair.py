"""How a phone becomes a device."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PairPage:
    """The form that takes a code. `device` is what this phone is already, if it is one."""

    typed: str = ""
    problem: str = ""
    device: str = ""

    @property
    def title(self) -> str:
        return "Pair this phone"
