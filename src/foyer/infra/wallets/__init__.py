"""Wallets of phones: a signed file for Apple's, a signed address for Google's, and the keys of the installation for both."""

from foyer.infra.wallets.apple import PKPASS, packed
from foyer.infra.wallets.google import saving_address
from foyer.infra.wallets.keys import AppleKeys, GoogleKeys, UnreadableKeysError, read_apple, read_google
from foyer.infra.wallets.troubles import key_troubles
from foyer.infra.wallets.wallets import Wallet, Wallets, wallets_of

__all__ = [
    "PKPASS",
    "AppleKeys",
    "GoogleKeys",
    "UnreadableKeysError",
    "Wallet",
    "Wallets",
    "key_troubles",
    "packed",
    "read_apple",
    "read_google",
    "saving_address",
    "wallets_of",
]
