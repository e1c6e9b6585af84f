"""The signed text of a ticket: what it looks like, and that no change of it survives."""

import base64
from uuid import UUID

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from foyer.domains.tickets import SealedKey, Signer
from foyer.domains.tickets.queries import seal_context
from foyer.domains.tickets.rules import PREFIX, TOKEN_MAX, is_genuine, looks_ours, read_claim, sign
from foyer.infra.crypto import Keyring

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
ORGANIZATION, OTHER, TICKET = (UUID(int=number << 64 | 7) for number in (1, 2, 3))
TOKEN = sign(KEY, 0xDEADBEEF, ORGANIZATION, TICKET, 2)
KEYRING = Keyring(("a secret that has sealed the key",))
SEALED = SealedKey(0xDEADBEEF, KEYRING.seal(bytes(range(32)), seal_context(ORGANIZATION)), PUBLIC)
SIGNERS = Signer(KEYRING), Signer(Keyring(("another one, which can open nothing",)))
"""One that signs again and compares, one that can only verify; they must agree about everything."""
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def is_taken(text: str) -> bool:
    claim = read_claim(text)
    if claim is None:
        return False
    (answer,) = {signer.is_genuine(SEALED, ORGANIZATION, claim) for signer in SIGNERS}
    return answer


def test_token_says_what_was_signed():
    claim = read_claim(TOKEN)

    assert claim[:3] == (0xDEADBEEF, TICKET, 2)
    assert is_genuine(claim, ORGANIZATION, PUBLIC)


def test_token_is_146_characters_that_a_qr_code_packs_tightly():
    assert len(TOKEN) == 146
    assert set(TOKEN) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    picture = segno.make(TOKEN, error="m", boost_error=False, micro=False)
    assert (picture.version, picture.error, picture.mode) == (6, "M", "alphanumeric")


def test_same_ticket_and_generation_always_give_the_same_token():
    assert sign(KEY, 0xDEADBEEF, ORGANIZATION, TICKET, 2) == TOKEN
    assert sign(KEY, 0xDEADBEEF, ORGANIZATION, TICKET, 3) != TOKEN


def test_no_single_character_can_be_changed():
    alphabet = BASE32 + "0189a.= \n\xe9"
    survivors = [
        (place, other)
        for place in range(len(TOKEN))
        for other in alphabet
        if other != TOKEN[place] and is_taken(TOKEN[:place] + other + TOKEN[place + 1 :])
    ]
    assert survivors == []


def test_no_single_bit_can_be_changed():
    raw = base64.b32decode(TOKEN[len(PREFIX) :] + "=")
    survivors = []
    for bit in range(len(raw) * 8):
        other = bytearray(raw)
        other[bit // 8] ^= 1 << bit % 8
        if is_taken(PREFIX + base64.b32encode(bytes(other)).decode().rstrip("=")):
            survivors.append(bit)
    assert survivors == []


def test_nothing_can_be_cut_off_or_added():
    assert not any(is_taken(TOKEN[:length]) for length in range(len(TOKEN)))
    assert not any(is_taken(TOKEN[start:]) for start in range(1, len(TOKEN)))
    assert not any(is_taken(TOKEN + more) for more in ("A", "=", " ", "\n", "AAAAAAAA", TOKEN))
    assert not is_taken(" " + TOKEN)


def test_spare_bits_of_the_last_character_are_checked():
    """Base 32 leaves three bits unused; a second spelling of a token would be a second ticket to look at."""
    spellings = [other for other in BASE32 if read_claim(TOKEN[:-1] + other) is not None]

    assert len(spellings) == 32 // 8
    assert TOKEN[-1] in spellings


def test_another_organizations_signature_is_not_ours():
    assert not is_genuine(read_claim(sign(KEY, 0xDEADBEEF, OTHER, TICKET, 2)), ORGANIZATION, PUBLIC)
    assert not is_genuine(read_claim(TOKEN), OTHER, PUBLIC)


def test_another_key_does_not_sign_for_us():
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))

    assert not is_taken(sign(stranger, 0xDEADBEEF, ORGANIZATION, TICKET, 2))


@pytest.mark.parametrize(
    "text", ["", "T1", "t1." + TOKEN[3:], TOKEN.lower(), "T2." + TOKEN[3:], "HTTPS://EXAMPLE.ORG"]
)
def test_other_codes_are_not_claims(text):
    assert read_claim(text) is None


def test_reading_is_bounded():
    assert TOKEN_MAX < 250
    assert read_claim(PREFIX + "A" * 10_000_000) is None
    assert looks_ours(PREFIX + "A" * 10_000_000)
