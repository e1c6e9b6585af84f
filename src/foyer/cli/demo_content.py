"""What the demo shows: three organizers, with dates relative to the day it is loaded."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Required, TypedDict

from foyer.domains.events.types import DiscountDraft, EventDraft, TaxRateDraft, TicketTypeDraft
from foyer.domains.organizations.types import OrganizationDraft


@dataclass(frozen=True, slots=True)
class DemoArea:
    """So many places for these ticket types of an event together."""

    name: str
    capacity: int
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """`tax` is the name of the organizer's rate that all its paid tickets carry."""

    draft: EventDraft
    types: tuple[TicketTypeDraft, ...]
    tax: str | None = None
    areas: tuple[DemoArea, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoShop:
    organization: OrganizationDraft
    owner: str
    events: tuple[DemoEvent, ...]
    taxes: tuple[TaxRateDraft, ...] = ()
    codes: tuple[DiscountDraft, ...] = ()


class Place(TypedDict, total=False):
    """Where an organizer's events usually are."""

    time_zone: Required[str]
    venue_name: str
    address: str
    city: str
    state: str
    zip_code: str
    country: str


def _weekday(today: date, least_days: int, weekday: int) -> date:
    """The first such weekday (Monday is 0) at least so many days ahead."""
    day = today + timedelta(days=least_days)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


VAT = "VAT"
MONDAY, TUESDAY, THURSDAY, FRIDAY, SATURDAY = 0, 1, 3, 4, 5


def shops(today: date) -> tuple[DemoShop, ...]:
    return (_nordlicht(today), _hanamichi(today), _blue_stoop(today))


def _nordlicht(today: date) -> DemoShop:
    organization = OrganizationDraft(
        name="Nordlicht Festival",
        slug="nordlicht",
        email="hello@nordlicht.example",
        website="https://nordlicht.example",
        primary_color="#58188f",
        secondary_color="#f6a31c",
        service_fee_bps=500,
        service_fee_fixed=50,
        refund_policy="Full refund until 30 days before the event.",
    )
    harbour: Place = {"time_zone": "Europe/Berlin", "city": "Kiel", "country": "DE", "venue_name": "Harbour sheds",
                      "address": "Kaistraße 41", "zip_code": "24114"}  # fmt: skip
    events = (_crew_evening(today, harbour), _lantern_night(today, harbour), _festival(today),
              _winter_concert(today, harbour))  # fmt: skip
    taxes = (TaxRateDraft(name=VAT, rate_percentage=19, inclusive=True, country="DE"),)
    codes = (DiscountDraft(code="EARLY10", percentage=10, max_uses=1_000),)
    return DemoShop(organization, "Ida Nordström", events, taxes, codes)


def _crew_evening(today: date, place: Place) -> DemoEvent:
    day = _weekday(today, 20, TUESDAY)
    return DemoEvent(
        EventDraft(
            title="Crew evening: work a shift, camp for free",
            short_description="Meet the people who build the festival, and pick your shift.",
            description="<p>Eighty hands put up two stages in four days. Come and meet them, hear what there is to do, "
            "and choose a shift that leaves you time for the music.</p><p>Soup and bread are on us.</p>",
            category="Community", start_date=day, end_date=day, start_time="19:00", end_time="22:00", capacity=400,
            tags=["crew", "free"], **place,
        ),
        (
            TicketTypeDraft(name="Come along", description="One seat, soup included", quantity=300, is_free=True),
            TicketTypeDraft(name="Bring a friend", description="Two people, two tickets", quantity=100, is_free=True,
                            min_per_order=2, max_per_order=2, sort_order=1),
        ),
    )  # fmt: skip


def _lantern_night(today: date, place: Place) -> DemoEvent:
    day = _weekday(today, 12, FRIDAY)
    return DemoEvent(
        EventDraft(
            title="Lantern Night",
            short_description="Four hundred paper lanterns over the harbour basin.",
            description="<p>We light the basin from both quays and walk it slowly, with a brass band on a barge.</p>"
            "<p>Dress for the wind.</p>",
            category="Winter", start_date=day, end_date=day, start_time="17:00", end_time="21:30", capacity=600,
            tags=["family"], **place,
        ),
        (
            TicketTypeDraft(name="Under 12", description="With an adult", quantity=150, is_free=True),
            TicketTypeDraft(name="Evening ticket", description="Walk and music", quantity=450, price=2_500, sort_order=1),
        ),
    )  # fmt: skip


def _festival(today: date) -> DemoEvent:
    first = _weekday(today, 180, FRIDAY)
    return DemoEvent(
        EventDraft(
            title=f"Nordlicht Festival {first:%Y}",
            short_description="A runway, four stages and the lightest weekend of the year.",
            description="<p>Sixty acts play from Friday noon until the sky turns on Monday.</p><p>Eggerup was an airfield "
            "until 1994. Now its two hangars hold the big rooms, the tower is a radio station, and the grass between the "
            "taxiways is where you sleep.</p>",
            category="Festival", start_date=first, end_date=first + timedelta(days=2), start_time="12:00",
            end_time="23:30", time_zone="Europe/Berlin", venue_name="Airfield Eggerup", city="Eggerup",
            address="Flugplatzstraße 2", zip_code="24997", country="DE", tags=["open air"], capacity=25_000,
        ),
        (
            TicketTypeDraft(name="Under 12", description="With an adult", quantity=2_000, is_free=True),
            TicketTypeDraft(name="Festival pass", description="Friday noon to Monday", quantity=20_000, price=18_900,
                            sort_order=1, max_per_order=6),
            TicketTypeDraft(name="Saturday", description="One day, gates 11:00", quantity=5_000, price=7_900, sort_order=2),
        ),
    )  # fmt: skip


def _winter_concert(today: date, place: Place) -> DemoEvent:
    """Everything a price can be made of: a tax in it, a code, an area that two prices share, a ticket on request."""
    day = _weekday(today, 26, SATURDAY)
    return DemoEvent(
        EventDraft(
            title="Winter concert in the sheds",
            short_description="Brass, strings and a choir of forty, in a hall that smells of tar.",
            description="<p>One evening in the oldest of the sheds, with the big doors open to the water until it gets too "
            "cold to play.</p><p>Whoever comes early pays less: the code EARLY10 takes ten percent off. Twelve people can "
            "spend the afternoon backstage; tell us who you are, and we decide within three days.</p>",
            category="Concert", start_date=day, end_date=day, start_time="19:30", end_time="22:30", tags=["music"], **place,
        ),
        (
            TicketTypeDraft(name="Stalls", description="A seat on the floor", quantity=220, price=3_900),
            TicketTypeDraft(name="Stalls reduced", description="Students, and everybody under 18", quantity=80,
                            price=2_600, sort_order=1),
            TicketTypeDraft(name="Backstage afternoon", description="Sound check and soup with the choir, and a seat",
                            quantity=12, price=7_500, max_per_order=2, requires_approval=True, sort_order=2),
            TicketTypeDraft(name="Under 12", description="On somebody’s lap", quantity=40, is_free=True, sort_order=3),
        ),
        tax=VAT,
        areas=(DemoArea("Stalls", 240, ("Stalls", "Stalls reduced", "Backstage afternoon")),),
    )  # fmt: skip


def _hanamichi(today: date) -> DemoShop:
    open_house = _weekday(today, 9, SATURDAY)
    conference = _weekday(today, 60, THURSDAY)
    place: Place = {"time_zone": "Asia/Tokyo", "city": "Tokyo", "country": "JP", "venue_name": "Hanamichi Hall",
             "address": "3-14 Kagurazaka, Shinjuku", "zip_code": "162-0825"}  # fmt: skip
    return DemoShop(
        OrganizationDraft(
            name="Hanamichi Conference",
            slug="hanamichi",
            email="desk@hanamichi.example",
            website="https://hanamichi.example",
            default_currency="JPY",
            primary_color="#24307c",
            secondary_color="#e5482b",
            service_fee_bps=300,
            service_fee_fixed=80,
        ),
        "Kenji Mori",
        (
            DemoEvent(
                EventDraft(
                    title="Open house: stages that tell stories",
                    short_description="Walk the stage, meet the makers, see how a scene turns.",
                    description="<p>The turning stage turns all day. Look under it, ride on it, and ask the people who built "
                    "it.</p>",
                    category="Workshop", start_date=open_house, end_date=open_house, start_time="10:00", end_time="17:00",
                    capacity=500, tags=["free", "family"], **place,
                ),
                (TicketTypeDraft(name="Visitor", description="Any time of the day", quantity=500, is_free=True),),
            ),
            DemoEvent(
                EventDraft(
                    title="Hanamichi: design for the stage",
                    short_description="Two days on light, sound and the path through the audience.",
                    description="<p>Two days of talks and workshops about what carries a performance into the room.</p>",
                    category="Conference", start_date=conference, end_date=conference + timedelta(days=1),
                    start_time="09:30", end_time="18:00", capacity=1_200, tags=["design"], **place,
                ),
                (
                    TicketTypeDraft(name="Livestream", description="Both days, on your screen", quantity=1_000,
                                    is_free=True),
                    TicketTypeDraft(name="Conference pass", description="Both days, lunch included", quantity=800,
                                    price=38_000, sort_order=1, max_per_order=8),
                    TicketTypeDraft(name="Evening reception", description="Friday, 19:00", quantity=150, price=6_500,
                                    sort_order=2),
                ),
            ),
        ),
    )  # fmt: skip


def _blue_stoop(today: date) -> DemoShop:
    session = _weekday(today, 5, MONDAY)
    gig = _weekday(today, 15, SATURDAY)
    place: Place = {"time_zone": "America/New_York", "city": "Brooklyn", "state": "NY", "country": "US",
             "venue_name": "The Blue Stoop", "address": "218 Malcolm X Blvd", "zip_code": "11221"}  # fmt: skip
    return DemoShop(
        OrganizationDraft(
            name="The Blue Stoop",
            slug="blue-stoop",
            email="door@bluestoop.example",
            website="https://bluestoop.example",
            default_currency="USD",
            primary_color="#131826",
            secondary_color="#2f62f2",
            service_fee_bps=500,
            service_fee_fixed=100,
        ),
        "Rosa Alvarez",
        (
            DemoEvent(
                EventDraft(
                    title="Monday session",
                    short_description="Bring a horn or a pair of ears.",
                    description="<p>The house trio opens at eight. From nine the bandstand is yours.</p>",
                    category="Jazz", start_date=session, end_date=session + timedelta(days=1), start_time="20:00",
                    end_time="01:00", capacity=120, tags=["free", "jam"], **place,
                ),
                (
                    TicketTypeDraft(name="Listener", description="A seat in the room", quantity=90, is_free=True,
                                    max_per_order=4),
                    TicketTypeDraft(name="Player", description="Sign up for the stand", quantity=30, is_free=True,
                                    max_per_order=1, sort_order=1),
                ),
            ),
            DemoEvent(
                EventDraft(
                    title="Quartet in Blue, late set",
                    short_description="Two sets, one after midnight.",
                    description="<p>Four people who have played together for eleven years and still surprise each other.</p>",
                    category="Jazz", start_date=gig, end_date=gig + timedelta(days=1), start_time="22:30",
                    end_time="02:00", capacity=120, **place,
                ),
                (
                    TicketTypeDraft(name="Table", description="Seat at a table for four", quantity=80, price=4_500,
                                    max_per_order=4),
                    TicketTypeDraft(name="Bar", description="Standing", quantity=40, price=2_500, sort_order=1),
                ),
            ),
        ),
    )  # fmt: skip
