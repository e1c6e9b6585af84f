"""Sales under fire: `python -m tests.soak --seeds 20 --places 20000`; `make soak` does just that.

Each seed has an installation of its own, and every process of it dies once while the places are sold.
"""

import argparse
import sys
import time

import uvloop

from tests.soak.house import running_house
from tests.soak.sale import Report, hold_sale

WRONG_SHOWN = 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="so many sales")
    parser.add_argument("--first", type=int, default=1, help="the seed of the first one")
    parser.add_argument("--places", type=int, default=20_000, help="so many places in each")
    parser.add_argument("--seconds", type=float, default=15, help="how long a sale takes at least")
    chosen = parser.parse_args()
    broken, slowest, started = 0, 0.0, time.monotonic()
    for seed in range(chosen.first, chosen.first + chosen.seeds):
        report = uvloop.run(sale(seed, places=chosen.places, seconds=chosen.seconds))
        print(f"seed {seed}: {report}: {'WRONG' if report.wrong else 'clean'}", flush=True)
        for line in report.wrong[:WRONG_SHOWN]:
            print(f"  {line}")
        broken += bool(report.wrong)
        slowest = max([slowest, *(death.back_seconds or 0.0 for death in report.deaths)])
    took = time.monotonic() - started
    print(
        f"{chosen.seeds} sales of {chosen.places} places in {took / 60:.1f} min, {broken} wrong; "
        f"the longest way back took {slowest:.1f} s"
    )
    return 1 if broken else 0


async def sale(seed: int, *, places: int, seconds: float) -> Report:
    """One sale in an installation of its own."""
    with running_house() as house:
        await house.knock()
        return await hold_sale(house, seed, places=places, seconds=seconds)


if __name__ == "__main__":
    sys.exit(main())
