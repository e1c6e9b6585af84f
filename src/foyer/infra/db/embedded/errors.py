"""What can go wrong with the embedded PostgreSQL. The message is the sentence shown to the operator."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used as things stand."""


class AlreadySupervisedError(EmbeddedError):
    """Another process runs this FOYER_DATA's PostgreSQL; its address file says where."""
