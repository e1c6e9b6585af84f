"""What was sold, and when."""

from foyer.domains.analytics.queries import doors_open, events_on_sale, gates_of, sales_by_hour

__all__ = ["doors_open", "events_on_sale", "gates_of", "sales_by_hour"]
