"""A club that stays up late, in dollars: free nights, a hidden guest list, and a table one has to ask for."""

from datetime import date, timedelta

from foyer.cli.demo.content.shapes import (
    MONDAY,
    SATURDAY,
    THURSDAY,
    DemoArea,
    DemoEvent,
    DemoShop,
    Paper,
    Place,
    Sold,
    weekday,
)
from foyer.domains.events.types import DiscountDraft, EventDraft, TaxRateDraft, TicketTypeDraft
from foyer.domains.organizations.types import OrganizationAddress, OrganizationDraft

TAX = "NYC amusement tax"


def blue_stoop(today: date) -> DemoShop:
    place: Place = {"time_zone": "America/New_York", "city": "Brooklyn", "state": "NY", "country": "US",
                    "venue_name": "The Blue Stoop", "address": "218 Malcolm X Blvd", "zip_code": "11221"}  # fmt: skip
    organization = OrganizationDraft(
        name="The Blue Stoop",
        slug="blue-stoop",
        email="door@bluestoop.example",
        website="https://bluestoop.example",
        default_currency="USD",
        primary_color="#131826",
        secondary_color="#2f62f2",
        service_fee_bps=500,
        service_fee_fixed=100,
        refund_policy="Until noon of the day; after that, hand your ticket on.",
    )
    return DemoShop(
        organization,
        "Rosa Alvarez",
        Paper(
            OrganizationAddress(
                line1="218 Malcolm X Blvd", city="Brooklyn", state="NY", postal_code="11221", country="US"
            ),
            "00-0000000",
            "By check to The Blue Stoop, or in cash at the door.",
        ),
        (_tonight(today, place), _session(today, place), _quartet(today, place), _ghosts(today, place)),
        taxes=(TaxRateDraft(name=TAX, rate_percentage=4.5, inclusive=False, country="US"),),
        codes=(DiscountDraft(code="NEIGHBOR", amount=500, currency="USD", uses_per_customer=1),),
        people="west",
    )


def _tonight(today: date, place: Place) -> DemoEvent:
    """It takes place while the demo is looked at, so that its door has something to do."""
    return DemoEvent(
        EventDraft(
            title="All day and all night",
            short_description="The longest jam of the year: bring a chair, bring a horn.",
            description="<p>The doors stay open until the last trio goes home.</p>",
            category="Jazz", start_date=today - timedelta(days=1), end_date=today + timedelta(days=1), start_time="18:00",
            end_time="23:30", capacity=160, tags=["jam"], sales_end_date=None, **place,
        ),
        (
            TicketTypeDraft(name="Come and go", description="All hours", quantity=140, price=1_500, max_per_order=4),
            TicketTypeDraft(name="Guest list", description="Friends of the house", quantity=20, is_free=True, is_hidden=True,
                            sort_order=1),
        ),
        tax=TAX,
        sold=Sold(orders=36, days=12, types=(("Come and go", 1),), came=0.55),
    )  # fmt: skip


def _session(today: date, place: Place) -> DemoEvent:
    day = weekday(today, 5, MONDAY)
    return DemoEvent(
        EventDraft(
            title="Monday session",
            short_description="Bring a horn or a pair of ears.",
            description="<p>The house trio opens at eight. From nine the bandstand is yours.</p>",
            category="Jazz", start_date=day, end_date=day + timedelta(days=1), start_time="20:00",
            end_time="01:00", capacity=120, tags=["free", "jam"], **place,
        ),
        (
            TicketTypeDraft(name="Listener", description="A seat in the room", quantity=90, is_free=True, max_per_order=4),
            TicketTypeDraft(name="Player", description="Sign up for the stand", quantity=30, is_free=True, max_per_order=1,
                            sort_order=1),
        ),
        sold=Sold(orders=24, days=6, types=(("Listener", 3), ("Player", 2)), most=3),
    )  # fmt: skip


def _quartet(today: date, place: Place) -> DemoEvent:
    day = weekday(today, 15, SATURDAY)
    return DemoEvent(
        EventDraft(
            title="Quartet in Blue, late set",
            short_description="Two sets, one after midnight.",
            description="<p>Four people who have played together for eleven years and still surprise each other.</p>",
            category="Jazz", start_date=day, end_date=day + timedelta(days=1), start_time="22:30",
            end_time="02:00", capacity=120, **place,
        ),
        (
            TicketTypeDraft(name="Table", description="Seat at a table for four", quantity=72, price=4_500, max_per_order=4),
            TicketTypeDraft(name="Bar", description="Standing", quantity=40, price=2_500, sort_order=1),
            TicketTypeDraft(name="Band table", description="You ask, the band decides", quantity=8, price=9_000, max_per_order=2,
                            requires_approval=True, sort_order=2),
            TicketTypeDraft(name="Musicians", description="By link only", quantity=10, is_free=True, is_hidden=True, sort_order=3),
        ),
        tax=TAX,
        areas=(DemoArea("Floor", 76, ("Table", "Band table")),),
        sold=Sold(orders=28, days=16, code="NEIGHBOR", types=(("Table", 4), ("Bar", 3), ("Band table", 1))),
    )  # fmt: skip


def _ghosts(today: date, place: Place) -> DemoEvent:
    """Sold to the last seat."""
    day = weekday(today, 24, THURSDAY)
    return DemoEvent(
        EventDraft(
            title="Ghost notes: a piano in the dark",
            short_description="Forty minutes without a lamp, a phone or a word.",
            description="<p>We put out every light. Then somebody plays.</p>",
            category="Concert", start_date=day, end_date=day, start_time="21:00", end_time="22:00", **place,
        ),
        (TicketTypeDraft(name="Seat", description="You will find it", quantity=30, price=3_000, max_per_order=4),),
        tax=TAX,
        sold=Sold(orders=40, days=20, types=(("Seat", 1),)),
    )  # fmt: skip
