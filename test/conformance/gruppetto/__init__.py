"""A second implementation of the protocol, following docs/protocol.md. Python 3.9 or newer, standard library, nothing of ours."""
