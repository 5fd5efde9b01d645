"""Datagrams: what stands in the clear around a sealed packet."""

from .refused import CUT, Refused

VERSION = 3
BYTES_MAX = 1200
ID_BYTES = 8
COOKIE_BYTES = 20
TOKEN_BYTES = 146
CONNECT, CHALLENGE, RESPONSE, UP, DOWN, TOKEN, UP_CHANNEL = range(1, 8)
NAMES = {
    CONNECT: "connect",
    CHALLENGE: "challenge",
    RESPONSE: "response",
    UP: "up",
    DOWN: "down",
    TOKEN: "token",
    UP_CHANNEL: "upChannel",
}
PHASE = 0x80
RESPONSE_HEADER = 2 + ID_BYTES + COOKIE_BYTES + TOKEN_BYTES + 2
UP_HEADER = 1 + ID_BYTES + 2
SHORT_HEADER = 3


def decode(data):
    """A dictionary of what the datagram says; raises Refused."""
    if len(data) > BYTES_MAX:
        raise Refused("too-long")
    if len(data) == 0:
        raise Refused(CUT)
    first, length = data[0], len(data)
    kind = first & 0x7F if first in (UP | PHASE, DOWN | PHASE) else first
    if kind not in NAMES:
        raise Refused("wrong-kind")
    if kind == CONNECT and length != BYTES_MAX:
        raise Refused(CUT)
    if kind in (CONNECT, RESPONSE, TOKEN) and length > 1 and data[1] != VERSION:
        raise Refused("wrong-version")
    if kind == CONNECT:
        end = 2 + ID_BYTES + TOKEN_BYTES
        if any(data[end:]):
            raise Refused("not-canonical")
        return {"kind": "connect", "connectionId": data[2:10], "token": data[10:end]}
    if kind == CHALLENGE:
        if length != 1 + ID_BYTES + COOKIE_BYTES:
            raise Refused(CUT)
        return {"kind": "challenge", "connectionId": data[1:9], "cookie": data[9:]}
    if kind == TOKEN:
        if length != 2 + TOKEN_BYTES:
            raise Refused(CUT)
        return {"kind": "token", "token": data[2:]}
    header = {RESPONSE: RESPONSE_HEADER, UP: UP_HEADER}.get(kind, SHORT_HEADER)
    if length < header:
        raise Refused(CUT)
    found = {
        "kind": NAMES[kind],
        "numberLow": int.from_bytes(data[header - 2 : header], "little"),
        "phase": first >> 7,
        "header": data[:header],
        "sealed": data[header:],
    }
    if kind == RESPONSE:
        found.update(connectionId=data[2:10], cookie=data[10:30], token=data[30 : 30 + TOKEN_BYTES])
    if kind == UP:
        found.update(connectionId=data[1:9])
    return found


def _low(number):
    return (number & 0xFFFF).to_bytes(2, "little")


def connect(connection_id, token):
    return (bytes([CONNECT, VERSION]) + connection_id + token).ljust(BYTES_MAX, b"\0")


def challenge(connection_id, cookie):
    return bytes([CHALLENGE]) + connection_id + cookie


def response_header(connection_id, cookie, token, number):
    return bytes([RESPONSE, VERSION]) + connection_id + cookie + token + _low(number)


def up_header(connection_id, number, phase=0):
    return bytes([UP | (PHASE if phase else 0)]) + connection_id + _low(number)


def down_header(number, phase=0):
    return bytes([DOWN | (PHASE if phase else 0)]) + _low(number)


def up_channel_header(number):
    return bytes([UP_CHANNEL]) + _low(number)


def token_message(token):
    return bytes([TOKEN, VERSION]) + token
