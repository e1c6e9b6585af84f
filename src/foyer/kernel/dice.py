"""Dice that fall the same way each time: for what is made up, never for ids or secrets."""

import random


class Dice(random.Random):
    """A sequence that its seed decides."""
