"""A partial change is laid over what stands (RFC 7396), and read as strictly as something new."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from foyer.api.requests import explain
from foyer.api.staff import merged
from foyer.domains.events.types import EventDraft, TicketTypeDraft, Visibility
from foyer.kernel.errors import Invalid

EVENT = EventDraft(
    title="An evening", description="Words.", category="Music", start_date=date(2027, 6, 1), end_date=date(2027, 6, 1),
    start_time="19:00", end_time="22:00", time_zone="Europe/Berlin", city="Kiel", tags=["a", "b"], capacity=10,
    sales_start_date=datetime(2027, 1, 1, tzinfo=UTC), visibility=Visibility.UNLISTED,
)  # fmt: skip
TYPE = TicketTypeDraft(name="Seat", quantity=5, price=100, metadata={"a": {"b": 1}})


def test_what_is_not_named_stays():
    assert merged(EVENT, {}) == EVENT
    assert merged(TYPE, {}) == TYPE
    assert merged(EVENT, {"title": "Another"}) == msgspec.structs.replace(EVENT, title="Another")


def test_null_sets_back_to_the_default():
    found = merged(
        EVENT, {"city": None, "tags": None, "capacity": None, "visibility": None, "salesStartDate": None}
    )

    assert (found.city, found.tags, found.capacity, found.visibility, found.sales_start_date) == (
        None,
        [],
        0,
        "public",
        None,
    )


def test_list_and_object_are_replaced_as_a_whole():
    assert merged(EVENT, {"tags": ["c"]}).tags == ["c"]
    assert merged(TYPE, {"metadata": {"c": 2}}).metadata == {"c": 2}


def test_required_field_cannot_be_taken_away():
    with pytest.raises(Invalid) as refusal:
        merged(EVENT, {"title": None})

    assert (refusal.value.field, refusal.value.detail) == ("title", "This is required.")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": 5}, "title"), ({"capacity": "5"}, "capacity"), ({"capacity": 5.0}, "capacity"), ({"capacity": True}, "capacity"),
        ({"tags": "a"}, "tags"), ({"tags": [1]}, "tags[0]"), ({"startDate": "June"}, "startDate"), ({"startDate": 20270601}, "startDate"),
        ({"visibility": "secret"}, "visibility"), ({"locationType": "moon"}, "locationType"),
        ({"salesStartDate": "2027-01-01T00:00:00"}, "salesStartDate"), ({"salesStartDate": 0}, "salesStartDate"),
        ({"no_such": 1}, "no_such"), ({"time_zone": "UTC"}, "time_zone"), ({"totalTicketsSold": 9}, "totalTicketsSold"),
        ({"id": "x"}, "id"), ({"status": "published"}, "status"), ({"organizationId": "x"}, "organizationId"),
    ],
)  # fmt: skip
def test_wrong_kind_is_refused_by_name(change, field):
    with pytest.raises(Invalid) as refusal:
        merged(EVENT, change)

    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("message", "field", "says"),
    [
        ("Object missing required field `eventId`", "eventId", "required"),
        ("Object missing required field `quantity` - at `$.items[...]`", "items.quantity", "required"),
        ("Object contains unknown field `x`", "x", "no such field"),
        ("Expected `int`, got `str` - at `$.items[...].quantity`", "items.quantity", "a whole number"),
        ("Expected `array`, got `null` - at `$.items`", "items", "a list"),
        ("Expected `object`, got `array`", "body", "an object"),
        ("Invalid UUID - at `$.eventId`", "eventId", "not an id"),
        ("Invalid RFC3339 encoded datetime - at `$.salesStartDate`", "salesStartDate", "2027-06-11"),
        ("Invalid enum value 'x' - at `$.visibility`", "visibility", "Invalid enum value"),
    ],
)
def test_complaint_of_the_decoder_becomes_a_sentence(message, field, says):
    found = explain(message)

    assert (found.field, says in found.detail) == (field, True)
    assert found.detail.endswith(".")
