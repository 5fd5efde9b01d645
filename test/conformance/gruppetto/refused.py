"""A datagram or packet that is not as the document says."""


class Refused(Exception):
    """`reason` is one of those in docs/protocol.md, "What is refused"."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


CUT = "truncated-or-trailing"
