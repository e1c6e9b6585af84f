"""The double-entry ledger: which transfers a transaction makes, and writing them."""

from foyer.domains.payments.ledger.books import post
from foyer.domains.payments.ledger.postings import balances_of, open_balance, postings

__all__ = ["balances_of", "open_balance", "post", "postings"]
