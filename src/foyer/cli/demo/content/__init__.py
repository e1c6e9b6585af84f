"""What the demo shows: three organizers, with dates relative to the day it is loaded."""

from datetime import date

from foyer.cli.demo.content.blue_stoop import blue_stoop
from foyer.cli.demo.content.hanamichi import hanamichi
from foyer.cli.demo.content.nordlicht import nordlicht
from foyer.cli.demo.content.shapes import DemoEvent, DemoShop, Paper, Sold


def shops(today: date) -> tuple[DemoShop, ...]:
    return (nordlicht(today), hanamichi(today), blue_stoop(today))


__all__ = ["DemoEvent", "DemoShop", "Paper", "Sold", "shops"]
