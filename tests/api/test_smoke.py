from foyer.infra.db.engine import Database
from tests.support.world import Organization, make_event


async def test_smoke(client, database: Database, organization: Organization):
    event = await make_event(database, organization)
    answer = await client.post(
        f"/api/v1/shops/{organization.slug}/carts",
        json={
            "eventId": str(event.id),
            "items": [{"ticketTypeId": str(event.ticket_types[0].id), "quantity": 2}],
        },
    )
    assert answer.status_code == 201, answer.text
