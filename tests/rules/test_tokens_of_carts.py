"""The token of a cart tells the event as well, and nothing of it can be changed."""

from uuid import UUID

import pytest

from foyer.infra.crypto import HOLDER_PREFIX, Keyring

KEYRING = Keyring(("the secret of this house", "the secret before it"))
FORMER = Keyring(("the secret before it",))
HOUSE, EVENT, CART, OTHER = (UUID(int=number << 64 | 9) for number in (1, 2, 3, 4))
TOKEN = KEYRING.cart_token(HOUSE, EVENT, CART)


def test_token_opens_its_cart_and_tells_the_event():
    assert KEYRING.event_of_cart(TOKEN, HOUSE, CART) == EVENT
    assert KEYRING.event_of_cart(FORMER.cart_token(HOUSE, EVENT, CART), HOUSE, CART) == EVENT
    assert KEYRING.cart_token(HOUSE, EVENT, CART) == TOKEN


@pytest.mark.parametrize("wrong", [(OTHER, CART), (HOUSE, OTHER)])
def test_token_opens_nothing_else(wrong):
    assert KEYRING.event_of_cart(TOKEN, *wrong) is None


def test_token_of_another_event_kind_or_installation_opens_nothing():
    elsewhere = KEYRING.cart_token(HOUSE, OTHER, CART)
    spliced = elsewhere[: len(HOLDER_PREFIX) + 21] + TOKEN[len(HOLDER_PREFIX) + 21 :]
    stranger = Keyring(("another installation",)).cart_token(HOUSE, EVENT, CART)
    of_order = KEYRING.holder_token("cart", HOUSE, CART)
    for token in (
        spliced,
        stranger,
        of_order,
        "",
        HOLDER_PREFIX,
        TOKEN + "=",
        TOKEN[:-1],
        f"{TOKEN}A",
        "fyc_é",
    ):
        assert KEYRING.event_of_cart(token, HOUSE, CART) is None, token


@pytest.mark.parametrize("place", range(len(HOLDER_PREFIX), len(TOKEN)))
def test_no_character_can_be_changed(place):
    changed = TOKEN[:place] + ("A" if TOKEN[place] != "A" else "B") + TOKEN[place + 1 :]

    assert KEYRING.event_of_cart(changed, HOUSE, CART) is None
