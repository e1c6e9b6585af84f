"""What a check of the books is: one statement over one organization that finds nothing while all is well."""

from typing import NamedTuple


class Check(NamedTuple):
    """One thing that two places of the database say.

    The statement takes the organization as `$1` and answers, for each subject of which they say different things, its id and two
    texts: what it should be, and what it is.
    """

    name: str
    subject: str
    """What the ids are of."""
    sentence: str
    """For an operator at three in the morning: what is wrong, and what it does to people."""
    sql: str
    parameters: tuple[object, ...] = ()
    """What the statement takes after the organization."""
