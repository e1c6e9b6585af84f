"""How quick the pages of a shop are to somebody with a slow phone."""
