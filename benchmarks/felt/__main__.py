"""Open home, event and checkout of a demo shop as a slow phone does: `python -m benchmarks.felt`.

Each page is opened several times, and the best opening counts: what else the machine does can only make it slower. Beside it stands how
long the server takes to answer one visitor. Status 0: every limit is kept; 3: one was missed; 2: nothing could be measured.
"""

import argparse
import asyncio
import http.client
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import urlencode, urlsplit

from benchmarks.felt.lighthouse import HERE, Opened, open_page
from benchmarks.servers import serving
from benchmarks.world import SECRET
from foyer.cli.demo.load import load_missing
from foyer.cli.migrate import bring_up_to_date
from foyer.infra.db.embedded import temporary_cluster
from foyer.settings import read
from frontend import bundles, node

USAGE, MISSED = 2, 3
SCORE_MIN: Final = 95
EVENT_MS_MAX: Final = 20.0
ANSWERS: Final = 50


@dataclass(frozen=True)
class Page:
    name: str
    url: str
    cookie: str = ""
    server_ms_max: float = inf


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.felt")
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is opened")
    chosen = parser.parse_args()
    try:
        bundles.ensure()
        node.install(HERE, is_all=False)
        with _shop() as pages:
            missed = [line for page in pages for line in _measure(page, chosen.rounds)]
    except node.NodeError as problem:
        print(problem, file=sys.stderr)
        return USAGE
    print(*missed, sep="\n")
    return MISSED if missed else 0


@contextmanager
def _shop() -> Iterator[list[Page]]:
    """A demo that is served for as long as the block lasts."""
    with temporary_cluster(durability="production") as cluster, tempfile.TemporaryDirectory() as folder:
        bring_up_to_date(cluster.owner_url)
        settings = read({"FOYER_DATA": folder, "FOYER_SECRET_KEYS": SECRET})
        (shop, *_) = asyncio.run(load_missing(settings, cluster.app_url, []))
        event = next(one for one in shop.events if one.ticket_types[0].price)
        with serving(
            "foyer", "serve", processes=2, database_url=cluster.app_url, data=Path(folder)
        ) as servers:
            home = Page("home", f"{servers.url}/{shop.slug}")
            here = Page("event", f"{home.url}/events/{event.slug}", server_ms_max=EVENT_MS_MAX)
            yield [home, here, _cart(here, str(event.ticket_types[0].id))]


def _cart(event: Page, type_id: str) -> Page:
    """The checkout of two places, which belongs to whoever shows its cookie."""
    address = urlsplit(event.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    form = urlencode({f"quantity-{type_id}": 2})
    connection.request("POST", f"{address.path}/reserve", form, headers)
    answer = connection.getresponse()
    place, cookie = answer.headers["Location"], answer.headers["Set-Cookie"].partition(";")[0]
    connection.close()
    return Page("checkout", f"{address.scheme}://{address.netloc}{place}", cookie)


def _measure(page: Page, rounds: int) -> list[str]:
    """Print how a page does; returns what it misses."""
    answered = _server_ms(page)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        opened = [open_page(page.url, cookie=page.cookie, report=report) for _ in range(rounds)]
    best = max(opened, key=lambda one: one.scores["performance"])
    print(f"{page.name:9} {_words(best)}, server {answered:.1f} ms", flush=True)
    missed = [f"{name} {score} of {SCORE_MIN}" for name, score in best.scores.items() if score < SCORE_MIN]
    if best.shift:
        missed.append(f"layout shift of {best.shift:.3f}")
    if answered > page.server_ms_max:
        missed.append(f"server {answered:.1f} of {page.server_ms_max:.0f} ms")
    return [f"MISS {page.name}: {', '.join(missed)}; weak: {', '.join(best.weak)}"] if missed else []


def _words(opened: Opened) -> str:
    scores = ", ".join(f"{name} {score}" for name, score in opened.scores.items())
    times = ", ".join(f"{name} {ms:.0f} ms" for name, ms in opened.times.items())
    return f"{scores}; {times}, shift {opened.shift:.3f}"


def _server_ms(page: Page) -> float:
    """Until the whole answer is there, for one visitor who asks again and again over one connection: the median."""
    address = urlsplit(page.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=30)
    took = []
    for _ in range(ANSWERS):
        started = time.perf_counter()
        connection.request("GET", address.path, headers={"Cookie": page.cookie} if page.cookie else {})
        connection.getresponse().read()
        took.append(1000 * (time.perf_counter() - started))
    connection.close()
    return median(took)


if __name__ == "__main__":
    sys.exit(main())
