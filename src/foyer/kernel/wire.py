"""The shape of values that cross a door or the wire: frozen, camelCase, unknown fields refused."""

import msgspec


class Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A value that is sent and read as JSON under the data model's own names."""
