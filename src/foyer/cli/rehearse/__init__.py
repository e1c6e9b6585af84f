"""`foyer rehearse`: tomorrow's on-sale, tonight: the event once more, with buyers who press as people do."""

import argparse

from foyer.cli.rehearse.arrivals import RECORDED, RUSH


def add_rehearse(parser: argparse.ArgumentParser) -> None:
    """Say how the command is used."""
    parser.add_argument("event", metavar="EVENT", nargs="?", help="id, address, or shop/address of the event")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument(
        "--shape", choices=(RUSH, RECORDED), default=RUSH,
        help="rush: most at once, then fewer (default); 13s: 134 reservations in the busiest second, sold out in 13",
    )  # fmt: skip
    shape.add_argument("--trace", metavar="FILE", help="CSV of seconds,reservations to replay")
    parser.add_argument(
        "--buyers", metavar="N", type=int, help="how many come in a rush; default: more than fit in"
    )
    parser.add_argument("--places", metavar="N", type=int, help="sell so many places instead of the event's")
    parser.add_argument(
        "--processes", metavar="N", type=int, help="processes of buyers; default: by this machine"
    )
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="another number is another crowd")
    parser.add_argument(
        "--seconds", metavar="S", type=int, default=300, help="end it after so long; default 300"
    )
    parser.add_argument(
        "--lead", metavar="S", type=float, default=5, help="seconds before it opens; default 5"
    )
    parser.add_argument(
        "--think", metavar="S", type=float, default=2, help="mean seconds to fill in the form; default 2"
    )
    parser.add_argument("--url", help="where the shop answers; default: where this installation runs")
    parser.add_argument("--json", metavar="FILE", help="write the report there as well")
    parser.add_argument("--clean", action="store_true", help="only remove what a killed rehearsal has left")
