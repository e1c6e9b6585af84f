"""What is written can be read, and only that."""

from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from foyer.domains.tickets.rules import is_genuine, read_claim, sign
from foyer.infra.crypto import Keyring
from foyer.kernel.errors import Invalid
from foyer.kernel.ids import CROCKFORD, read_crockford
from foyer.kernel.paging import read_cursor, write_cursor
from foyer.kernel.text import has_control_characters, slug_of, tidy, tidy_line

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
KEYRING = Keyring(("one key that is long enough to be a key", "an older key that is long enough as well"))
OLDER = Keyring(("an older key that is long enough as well",))
UUIDS = st.uuids()
WORDS32 = st.integers(0, 2**32 - 1)
bounded = settings(derandomize=True, max_examples=200, deadline=None)


@bounded
@given(key_id=WORDS32, organization=UUIDS, ticket=UUIDS, generation=WORDS32)
def test_ticket_token_comes_back(key_id, organization, ticket, generation):
    token = sign(KEY, key_id, organization, ticket, generation)
    claim = read_claim(token)

    assert len(token) == 146
    assert claim[:3] == (key_id, ticket, generation)
    assert is_genuine(claim, organization, PUBLIC)
    assert not is_genuine(claim, UUID(int=organization.int ^ 1), PUBLIC)


@bounded
@given(
    text=st.one_of(
        st.text(max_size=200), st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", max_size=150).map("T1.".__add__)
    )
)
def test_reading_any_text_never_breaks_and_never_believes(text):
    claim = read_claim(text)

    assert claim is None or not is_genuine(claim, UUID(int=1), PUBLIC)


@bounded
@given(one=UUIDS)
def test_cursor_comes_back(one):
    assert read_cursor(write_cursor(one)) == one


@bounded
@given(text=st.text(max_size=40))
def test_any_text_is_a_cursor_or_refused_by_name(text):
    try:
        found = read_cursor(text)
    except Invalid as refusal:
        found = refusal.field

    assert found == "cursor" or isinstance(found, UUID)


@bounded
@given(
    kind=st.sampled_from(["cart", "order", "ticket"]),
    organization=UUIDS,
    subject=UUIDS,
    generation=st.integers(1, 9),
)
def test_holder_token_opens_one_thing_and_survives_a_new_key(kind, organization, subject, generation):
    token = KEYRING.holder_token(kind, organization, subject, generation)

    assert KEYRING.is_holder_token(token, kind, organization, subject, generation)
    assert KEYRING.is_holder_token(
        OLDER.holder_token(kind, organization, subject, generation), kind, organization, subject, generation
    )
    assert not OLDER.is_holder_token(token, kind, organization, subject, generation)
    other = UUID(int=subject.int ^ 1)
    for wrong in (
        ("cart" if kind != "cart" else "order", organization, subject, generation),
        (kind, other, subject, generation), (kind, organization, other, generation),
        (kind, organization, subject, generation + 1),
    ):  # fmt: skip
        assert not KEYRING.is_holder_token(token, *wrong)


@bounded
@given(text=st.text(max_size=80))
def test_any_text_is_no_token_and_no_session(text):
    assert not KEYRING.is_holder_token(text, "cart", UUID(int=1), UUID(int=2))
    assert not KEYRING.is_holder_token("fyc_" + text, "cart", UUID(int=1), UUID(int=2))
    assert not KEYRING.is_session(text)


@bounded
@given(place=st.integers(0, 37), other=st.sampled_from("AZaz09-_"))
def test_no_character_of_a_session_can_be_changed(place, other):
    session = KEYRING.new_session()

    assert KEYRING.is_session(session)
    changed = session[:place] + other + session[place + 1 :]
    assert KEYRING.is_session(changed) == (changed == session)


@bounded
@given(code=st.text(CROCKFORD, min_size=16, max_size=16), seed=st.randoms(use_true_random=False))
def test_code_is_understood_however_it_is_typed(code, seed):
    look_alikes = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(
        seed.choice(look_alikes.get(letter, letter + letter.lower())) + seed.choice(["", "", " ", "-"])
        for letter in code
    )

    assert read_crockford(typed) == code


@bounded
@given(text=st.text(max_size=60))
def test_tidying_twice_is_tidying_once(text):
    assert tidy(tidy(text)) == tidy(text)
    assert tidy_line(tidy_line(text)) == tidy_line(text)
    assert not has_control_characters(tidy_line(text))
    assert len(tidy_line(text).splitlines()) <= 1


@bounded
@given(title=st.text(max_size=80))
def test_any_title_gives_a_slug(title):
    slug = slug_of(title, "fallback")

    assert 1 <= len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug.strip("-") == slug
