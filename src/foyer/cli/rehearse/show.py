"""The rehearsal as it goes, a line a second."""

from typing import Final

from foyer.cli.rehearse.tally import Step, Tally, Times

BAR: Final = 20
HEADINGS: Final = (
    f"{'second':>6}  {'carts':>6}  {'orders':>6}  {'taken':<{BAR + 16}}  {'reserve 50/99 of 100':>20}  "
    f"{'checkout 50/99':>16}  {'refused':>7}  {'come back':>9}"
)


def progress(second: int, before: Tally, now: Tally, *, taken: int, places: int) -> str:
    """One line: what has happened in the last second, and how far the sale is."""
    reserved = sum(now.reservations.values()) - sum(before.reservations.values())
    ordered = sum(now.orders.values()) - sum(before.orders.values())
    refused = sum(now.refusals.values()) - sum(before.refusals.values())
    full = min(BAR, BAR * taken // max(1, places))
    bar = f"[{'#' * full}{'.' * (BAR - full)}] {taken}/{places}"
    reserve, checkout = (
        _shown(now.of(step).since(before.of(step))) for step in (Step.RESERVE, Step.CHECKOUT)
    )
    away = now.turned_away - before.turned_away
    return f"{second:>6}  {reserved:>6}  {ordered:>6}  {bar:<{BAR + 16}}  {reserve:>20}  {checkout:>16}  {refused:>7}  {away:>9}"


def _shown(times: Times) -> str:
    if not times.total:
        return "-"
    half, most = (times.percentile(share) * 1000 for share in (0.5, 0.99))
    return f"{half:.0f}/{most:.0f} ms"
