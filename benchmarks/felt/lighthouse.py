"""Lighthouse: a page opened as a slow phone with a slow network opens it, and what that was like."""

import os
import shutil
from pathlib import Path
from typing import Any, Final

import msgspec

from frontend import node

HERE: Final = Path(__file__).resolve().parent
PROGRAM: Final = "node_modules/lighthouse/cli/index.js"
SCORES: Final = ("performance", "accessibility", "best-practices", "seo")
TIMES: Final = {
    "FCP": "first-contentful-paint",
    "LCP": "largest-contentful-paint",
    "TBT": "total-blocking-time",
}
SHIFT: Final = "cumulative-layout-shift"
TRIES: Final = 3
"""A busy machine makes Chromium lose the beginning of its trace now and then, of which nothing can be read."""


class Opened(msgspec.Struct, frozen=True):
    """One opening of a page: scores of 0 to 100, times in milliseconds, the shift of its layout without a unit."""

    scores: dict[str, int]
    times: dict[str, float]
    shift: float
    weak: tuple[str, ...]
    """What takes from a score, by the names that Lighthouse has for it."""


def open_page(url: str, *, cookie: str, report: Path) -> Opened:
    """Open a page once, and again where nothing could be read of it.

    Raises:
        NodeError: there is no Chromium, or it could not open the page.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        raise node.NodeError("Lighthouse needs `chromium` on PATH.")
    flags = "--headless=new --disable-dev-shm-usage" + (" --no-sandbox" if os.geteuid() == 0 else "")
    headers = msgspec.json.encode({"Cookie": cookie} if cookie else {}).decode()
    wanted = (
        "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={flags}", f"--extra-headers={headers}",
        f"--only-categories={','.join(SCORES)}",
    )  # fmt: skip
    trouble: Exception | None = None
    for _ in range(TRIES):
        try:
            node.run(HERE, "node", PROGRAM, url, *wanted, more={"CHROME_PATH": chromium})
            return _read(msgspec.json.decode(report.read_bytes()))
        except node.NodeError as again:
            trouble = again
    raise node.NodeError(f"{url}: {trouble}")


def _read(said: dict[str, Any]) -> Opened:
    audits, categories = said["audits"], said["categories"]
    scores = {name: round(100 * (categories[name]["score"] or 0)) for name in SCORES}
    counted = {one["id"] for name in SCORES for one in categories[name]["auditRefs"] if one["weight"]}
    lost = [
        f"{name}: {audits[name]['errorMessage']}"
        for name in counted
        if audits[name]["scoreDisplayMode"] == "error"
    ]
    if lost:
        raise node.NodeError("\n".join(sorted(lost)))
    weak = [name for name in sorted(counted) if (audits[name]["score"] or 0) < 1 and _is_judged(audits[name])]
    times = {short: float(audits[name]["numericValue"]) for short, name in TIMES.items()}
    return Opened(scores, times, float(audits[SHIFT]["numericValue"]), tuple(weak))


def _is_judged(audit: dict[str, Any]) -> bool:
    return audit["scoreDisplayMode"] not in {"notApplicable", "manual", "informative"}
