"""A clerk's connection is lost: nothing is done twice, and nothing that was promised is missing."""

from tests.races.notebook import all_of, noted


async def test_a_lost_connection_is_replaced_and_the_batch_is_done_once(clerk, counter, desk, superuser):
    """It is lost after the writing and before the commit."""
    desk.kills = 1
    outcomes = await all_of(clerk, counter, ["a", "kill me", "b"])
    assert outcomes == ["done a", "done kill me", "done b"]
    assert clerk.tally.replay == 1
    assert await noted(superuser, counter) == {"a", "kill me", "b"}


async def test_looking_up_what_stands_is_tried_again_where_the_database_is_slow(
    clerk, counter, desk, superuser
):
    desk.kills = desk.slow = 1
    assert await all_of(clerk, counter, ["kill me"]) == ["done kill me"]
    assert clerk.tally.replay == 2
    assert await noted(superuser, counter) == {"kill me"}
