"""A second implementation of the protocol, written from docs/protocol.md alone. Python 3.9 or newer, standard library."""
