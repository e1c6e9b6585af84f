"""A harbour town's festival, in euros: a field for 25,000, areas that types share, prices that change with the season."""

from datetime import date, timedelta

from foyer.cli.demo.content.shapes import (
    FRIDAY,
    SATURDAY,
    TUESDAY,
    DemoArea,
    DemoEvent,
    DemoShop,
    Paper,
    Place,
    Sold,
    at_noon,
    weekday,
)
from foyer.domains.events.types import DiscountDraft, EventDraft, TaxRateDraft, TicketTypeDraft
from foyer.domains.organizations.types import OrganizationAddress, OrganizationDraft

VAT = "VAT"


def nordlicht(today: date) -> DemoShop:
    organization = OrganizationDraft(
        name="Nordlicht Festival",
        slug="nordlicht",
        email="hello@nordlicht.example",
        website="https://nordlicht.example",
        primary_color="#58188f",
        secondary_color="#f6a31c",
        service_fee_bps=500,
        service_fee_fixed=50,
        refund_policy="Full refund until 7 days before the event.",
    )
    harbour: Place = {"time_zone": "Europe/Berlin", "city": "Kiel", "country": "DE", "venue_name": "Harbour sheds",
                      "address": "Kaistraße 41", "zip_code": "24114"}  # fmt: skip
    events = (_crew_evening(today, harbour), _lantern_night(today, harbour), _winter_concert(today, harbour),
              _festival(today), _autumn_fair(today, harbour), _sailors_ball(today, harbour))  # fmt: skip
    taxes = (TaxRateDraft(name=VAT, rate_percentage=19, inclusive=True, country="DE"),)
    codes = (
        DiscountDraft(code="EARLY10", percentage=10, max_uses=1_000),
        DiscountDraft(code="HARBOUR5", amount=500, currency="EUR", minimum_quantity=2, uses_per_customer=1),
    )
    return DemoShop(
        organization,
        "Ida Nordström",
        Paper(
            OrganizationAddress(line1="Kaistraße 39", city="Kiel", postal_code="24114", country="DE"),
            "DE 000 000 000",
            "Nordlicht Festival, Förde Bank\nIBAN DE00 0000 0000 0000 0000 00",
        ),
        events,
        taxes,
        codes,
    )


def _crew_evening(today: date, place: Place) -> DemoEvent:
    day = weekday(today, 20, TUESDAY)
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
    day = weekday(today, 12, FRIDAY)
    return DemoEvent(
        EventDraft(
            title="Lantern Night",
            short_description="Four hundred paper lanterns over the harbour basin.",
            description="<p>We light the basin from both quays and walk it slowly, with a brass band on a barge.</p>"
            "<p>Dress for the wind.</p>",
            category="Winter", start_date=day, end_date=day, start_time="17:00", end_time="21:30", capacity=600,
            tags=["family"], series="Harbour evenings", **place,
        ),
        (
            TicketTypeDraft(name="Under 12", description="With an adult", quantity=150, is_free=True),
            TicketTypeDraft(name="Evening ticket", description="Walk and music", quantity=450, price=2_500, sort_order=1),
        ),
        sold=Sold(orders=40, days=20, types=(("Under 12", 1), ("Evening ticket", 3))),
    )  # fmt: skip


def _festival(today: date) -> DemoEvent:
    """Twelve types that share a field, two campsites and a car park; the early birds are gone, the late ones not on sale yet."""
    zone = "Europe/Berlin"
    first = weekday(today, 180, FRIDAY)
    first_price_ends = at_noon(today - timedelta(days=9), zone)
    last_price_begins = at_noon(first - timedelta(days=30), zone)
    return DemoEvent(
        EventDraft(
            title=f"Nordlicht Festival {first:%Y}",
            short_description="A runway, four stages and the lightest weekend of the year.",
            description="<p>Sixty acts play from Friday noon until the sky turns on Monday.</p><p>Eggerup was an airfield "
            "until 1994. Now its two hangars hold the big rooms, the tower is a radio station, and the grass between the "
            "taxiways is where you sleep.</p><h2>Getting there</h2><p>Trains stop at Eggerup every half hour, and the walk "
            "from there takes twelve minutes. Bring a bicycle if you have one: there is room for four thousand.</p>",
            category="Festival", start_date=first, end_date=first + timedelta(days=2), start_time="12:00",
            end_time="23:30", time_zone=zone, venue_name="Airfield Eggerup", city="Eggerup",
            address="Flugplatzstraße 2", zip_code="24997", country="DE", tags=["open air"], capacity=25_000,
            changes_close_hours=24,
        ),
        (
            TicketTypeDraft(name="Early bird pass", description="Friday noon to Monday", quantity=3_000, price=14_900,
                            max_per_order=6, sales_end_date=first_price_ends),
            TicketTypeDraft(name="Early bird pass with tent", description="And a place in the green field", quantity=1_000,
                            price=17_900, max_per_order=6, sort_order=1, sales_end_date=first_price_ends),
            TicketTypeDraft(name="Festival pass", description="Friday noon to Monday", quantity=16_000, price=18_900,
                            max_per_order=6, sort_order=2, sales_start_date=first_price_ends, sales_end_date=last_price_begins),
            TicketTypeDraft(name="Festival pass with tent", description="And a place in the green field", quantity=6_000,
                            price=22_900, max_per_order=6, sort_order=3, sales_start_date=first_price_ends, sales_end_date=last_price_begins),
            TicketTypeDraft(name="Late pass", description="For those who always decide at the last moment", quantity=4_000, price=21_900,
                            max_per_order=6, sort_order=4, sales_start_date=last_price_begins),
            TicketTypeDraft(name="Pass with caravan", description="One vehicle, up to four people have passes", quantity=300,
                            price=29_900, max_per_order=2, sort_order=5),
            TicketTypeDraft(name="Friday", description="Gates 10:00", quantity=5_000, price=6_900, sort_order=6),
            TicketTypeDraft(name="Saturday", description="Gates 11:00", quantity=5_000, price=7_900, sort_order=7),
            TicketTypeDraft(name="Sunday", description="Gates 11:00", quantity=5_000, price=6_900, sort_order=8),
            TicketTypeDraft(name="Under 12", description="With an adult", quantity=2_000, is_free=True, sort_order=9),
            TicketTypeDraft(name="Press", description="For those who write about it", quantity=150, is_free=True, max_per_order=2,
                            requires_approval=True, sort_order=10),
            TicketTypeDraft(name="Crew", description="By link only", quantity=400, is_free=True, is_hidden=True, sort_order=11),
        ),
        tax=VAT,
        areas=(
            DemoArea("Green field, tents", 6_500, ("Early bird pass with tent", "Festival pass with tent")),
            DemoArea("Runway, caravans", 300, ("Pass with caravan",)),
            DemoArea("Day guests", 9_000, ("Friday", "Saturday", "Sunday")),
        ),
        sold=Sold(orders=230, days=45, most=6, code="EARLY10", types=(
            ("Early bird pass", 30), ("Early bird pass with tent", 14), ("Festival pass", 24), ("Festival pass with tent", 12),
            ("Pass with caravan", 4), ("Friday", 3), ("Saturday", 6), ("Sunday", 2), ("Under 12", 8), ("Press", 2),
        )),
    )  # fmt: skip


def _autumn_fair(today: date, place: Place) -> DemoEvent:
    """One that is over: people came, and some of them did not."""
    day = today - timedelta(days=8)
    return DemoEvent(
        EventDraft(
            title="Autumn fair at the quay",
            short_description="Smoked fish, apple presses and a carousel that is older than the harbour.",
            description="<p>Forty stalls, three accordions, and the last warm evening of the year.</p>",
            category="Community", start_date=day, end_date=day, start_time="15:00", end_time="22:00", tags=["family"], **place,
        ),
        (
            TicketTypeDraft(name="Visitor", description="All stalls", quantity=700, price=900),
            TicketTypeDraft(name="Under 12", description="With an adult", quantity=300, is_free=True, sort_order=1),
        ),
        tax=VAT,
        sold=Sold(orders=50, days=21, types=(("Visitor", 5), ("Under 12", 2)), came=0.86),
    )  # fmt: skip


def _sailors_ball(today: date, place: Place) -> DemoEvent:
    """A draft with something left to do before it can be published."""
    day = weekday(today, 75, SATURDAY)
    return DemoEvent(
        EventDraft(
            title="Sailors’ ball",
            short_description="A night of waltzes in the old ferry terminal.",
            description="<p>The band plays until the first ferry leaves.</p>",
            category="Dance", start_date=day, end_date=day + timedelta(days=1), start_time="20:00", end_time="05:00",
            time_zone=place["time_zone"], city="Kiel", country="DE",
        ),
        (TicketTypeDraft(name="Dancer", description="Floor and gallery", quantity=350, price=3_200),),
        publish=False,
    )  # fmt: skip


def _winter_concert(today: date, place: Place) -> DemoEvent:
    """Everything a price can be made of: a tax in it, a code, an area that two prices share, a ticket on request."""
    day = weekday(today, 26, SATURDAY)
    return DemoEvent(
        EventDraft(
            title="Winter concert in the sheds",
            short_description="Brass, strings and a choir of forty, in a hall that smells of tar.",
            description="<p>One evening in the oldest of the sheds, with the big doors open to the water until it gets too "
            "cold to play.</p><p>Whoever comes early pays less: the code EARLY10 takes ten percent off. Twelve people can "
            "spend the afternoon backstage: ask for a place, and we decide within three days.</p>",
            category="Concert", start_date=day, end_date=day, start_time="19:30", end_time="22:30", tags=["music"],
            series="Harbour evenings", **place,
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
        sold=Sold(orders=35, days=14, code="EARLY10", types=(("Stalls", 6), ("Stalls reduced", 2), ("Backstage afternoon", 1), ("Under 12", 1))),
    )  # fmt: skip
