"""A town of buyers, staff and providers that lives by a seed, and books that are looked at after everything anybody does."""
