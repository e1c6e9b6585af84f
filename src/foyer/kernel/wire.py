"""The shape of values that cross a door or the wire: frozen, camelCase, unknown fields refused."""

import msgspec


class Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A value that is sent and read as JSON under the data model's own names."""


def patched(change: Wire) -> dict[str, object]:
    """The fields a change really names; what was left out (`UNSET`) stays as it is."""
    named = {field: getattr(change, field) for field in change.__struct_fields__}
    return {field: value for field, value in named.items() if value is not msgspec.UNSET}
