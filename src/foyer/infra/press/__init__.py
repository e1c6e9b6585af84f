"""The press: sets documents out of a template of ours and data of theirs, in a process of its own."""

from foyer.infra.press.press import DocumentTooLarge, Press
from foyer.infra.press.workshop import Workshop, workshop_in

__all__ = ["DocumentTooLarge", "Press", "Workshop", "workshop_in"]
