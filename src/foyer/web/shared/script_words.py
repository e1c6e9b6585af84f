"""What the scripts of a shop say, in the visitor's language: it stands in the page, so that a script knows no language itself."""

import json
from functools import lru_cache

from foyer.web.shared.words import _, language, ngettext


def script_words() -> str:
    """The sentences as JSON: a pair is of one thing and of several."""
    return _written(language())


@lru_cache
def _written(_language: str) -> str:
    said = {
        "tickets": [ngettext("%(n)s ticket", "%(n)s tickets", count) for count in (1, 2)],
        "reserve": [ngettext("Reserve %(num)s ticket", "Reserve %(num)s tickets", count) for count in (1, 2)],
        "reserveNone": _("Reserve tickets"),
        "free": _("Free"),
        "fees": _("of which fees %(fees)s"),
        "taxes": _("of which taxes %(taxes)s"),
        "feesAndTaxes": _("of which fees %(fees)s, taxes %(taxes)s"),
        "late": _("Less than two minutes are left. After that your places go back on sale."),
        "time": _("%(time)s"),
        "here": _("For you: %(first)s"),
        "hereSpan": _("For you: %(first)s to %(last)s"),
        "stillBusy": _("Still very busy. Press the button to try again."),
        "stopped": _("Stopped. Press the button to try again."),
        "trying": _("Trying now"),
        "again": [
            ngettext("Trying again in %(n)s second", "Trying again in %(n)s seconds", count)
            for count in (1, 2)
        ],
    }
    return json.dumps(said, ensure_ascii=False)
