"""Every component in every state, in the colours of three brands: what the design is checked by."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, cast
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from markupsafe import Markup

from foyer.kernel.color import theme
from foyer.kernel.errors import NotFound
from foyer.settings import Settings
from foyer.web.shared.charts import Chart, Figure, line_chart, spark
from foyer.web.shared.cover import FAMILIES, SHAPES, Canvas, Dice, palette
from foyer.web.shared.qr import ticket_qr
from foyer.web.shared.render import FOR_NOW, AnyRequest, drawn, image

NOON: Final = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOURS: Final = (60, 0, 0, 20, 40, 180, 700, 1500, 2500, 4100, 11800, 8100, 5300, 4400, 3900, 2600)
HOURS_BEFORE: Final = (
    250, 120, 40, 20, 30, 220, 800, 1600, 2300, 3100, 3500, 3800, 4200, 4000, 3600, 3300, 3500, 3900, 4800, 5300, 4700, 3600, 2100, 1000,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Brand:
    """One of the brands that the design is tried with, and its words."""

    key: str
    name: str
    primary: str
    secondary: str
    prices: tuple[str, str, str]
    empty: tuple[str, str, str, str]


BRANDS: Final = (
    Brand(
        "nordlicht", "Nordlicht Festival", "#58188f", "#f6a31c", ("€198.95", "€445.65", "€0.00"),
        ("ticket", "No orders yet", "Share the event page. The first order shows up here within a second.", "Copy the link"),
    ),
    Brand(
        "hanamichi", "Hanamichi", "#24307c", "#e5482b", ("¥39,220", "¥73,473", "¥0"),
        ("tag", "No discount codes", "A code can take off a percentage or an amount, for chosen tickets and dates.", "Make a code"),
    ),
    Brand(
        "blue-stoop", "Blue Stoop", "#131826", "#2f62f2", ("$30.40", "$91.20", "$0.00"),
        ("people", "Nobody on the waiting list", "When a night sells out, people can leave their email. They are listed here.", "Read how it works"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ComponentsPage:
    """What the page shows once for each brand."""

    shop: None = None
    title: str = "Components"
    brands: tuple[Brand, ...] = BRANDS
    families: tuple[str, ...] = tuple(family.__name__ for family in FAMILIES)
    noon: datetime = NOON
    until: datetime = NOON + timedelta(minutes=12)
    began: datetime = NOON - timedelta(minutes=3)
    day: date = date(2026, 11, 27)

    @property
    def code(self) -> Markup:
        """A code that opens nothing."""
        return ticket_qr("FYR1SAMPLE002XVD")

    @property
    def chart(self) -> Chart:
        return line_chart(
            "Revenue by hour", [f"{hour:02}:00" for hour in range(24)], HOURS, before=HOURS_BEFORE, show=lambda sum_: f"€{sum_:,}",
            names=("Today", "Fri 20 Nov"), summary="53% more than last Friday at this time.",
        )  # fmt: skip

    @property
    def figures(self) -> tuple[Figure, ...]:
        lines = spark(HOURS, HOURS_BEFORE)
        return (
            Figure("Revenue", "€45,690", "53%", before="€29,870 by 15:40", spark=lines),
            Figure(
                "Conversion", "4.18%", "0.6 pt", is_rise=False, is_good=False, before="4.78%", spark=lines
            ),
            Figure("Check-in now", "1,284", before="40% of 3,187 expected", done=(1284, 3187)),
        )


def _in_demo(request: AnyRequest) -> None:
    if not cast("Settings", request.app.state.settings).demo:
        raise NotFound("There is nothing at this address.")


@get("/dev/components", sync_to_thread=False)
def components(request: AnyRequest) -> Response[str]:
    _in_demo(request)
    return drawn("dev/components.html", ComponentsPage())


@get("/dev/components/brands.css", sync_to_thread=False)
def brands(request: AnyRequest) -> Response[str]:
    """The colours of each brand, for its own column."""
    _in_demo(request)
    css = "".join(theme(brand.primary, brand.secondary).css(f".brand-{brand.key}") for brand in BRANDS)
    return Response(css, media_type="text/css", headers=FOR_NOW)


@get(
    "/dev/components/covers/{brand_key:str}/{family_name:str}/{number:int}/{shape:str}", sync_to_thread=False
)
def sample_cover(
    request: AnyRequest, brand_key: FromPath[str], family_name: FromPath[str], number: FromPath[int], shape: FromPath[str]
) -> Response[str]:  # fmt: skip
    """A cover of a chosen family; of a real event nobody chooses."""
    _in_demo(request)
    brand = next((one for one in BRANDS if one.key == brand_key), None)
    paint = next((one for one in FAMILIES if one.__name__ == family_name), None)
    if brand is None or paint is None or shape not in SHAPES or not 0 <= number < 1000:
        raise NotFound("There is no such picture.")
    dice, canvas = Dice(UUID(int=number)), Canvas(*SHAPES[shape])
    paint(canvas, dice, palette(dice, brand.primary, brand.secondary))
    return image(canvas.svg())


ROUTES: Final = [components, brands, sample_cover]
