"""Keys, nonces, epochs, tokens and cookies."""

import hashlib
import hmac

from . import aead
from .bits import BitReader
from .refused import CUT, Refused


def nonce(number):
    return bytes(4) + number.to_bytes(8, "little")


def seal(key, number, header, body):
    return aead.seal(key, nonce(number), header, body)


def unseal(key, number, header, sealed):
    return aead.unseal(key, nonce(number), header, sealed)


def _hmac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def next_key(key):
    """That of the next epoch."""
    return _hmac(key, b"gruppetto next key")


TOKEN_LABEL = b"gruppetto token 1"


def open_token(process_key, sealed):
    plain = aead.unseal(process_key, sealed[:12], TOKEN_LABEL, sealed[12:])
    if plain is None:
        raise Refused("token-forged")
    return decode_token(plain)


def seal_token(process_key, nonce12, plain):
    return nonce12 + aead.seal(process_key, nonce12, TOKEN_LABEL, plain)


def decode_token(plain):
    if len(plain) != 118:
        raise Refused(CUT)
    r = BitReader(plain)
    version, use = r.bits(8), r.bits(8)
    room = r.raw(16)
    rider, expires = r.bits(32), r.bits(64)
    token = {"tokenId": r.raw(16), "processId": r.raw(8), "upKey": r.raw(32), "downKey": r.raw(32)}
    if expires >= 1 << 53:
        raise Refused(CUT)
    if version != 3 or use not in (1, 2):
        raise Refused("out-of-range")
    name = room.rstrip(b"\0")
    if not name or any(byte < 0x21 or byte > 0x7E for byte in name):
        raise Refused("not-canonical")
    token.update(riderId=rider, roomId=name.decode("ascii"), use="ride" if use == 1 else "watch", expiresAtMs=expires)
    return token


def encode_token(token):
    return b"".join(
        (
            bytes([3, 1 if token["use"] == "ride" else 2]),
            token["roomId"].encode("ascii").ljust(16, b"\0"),
            token["riderId"].to_bytes(4, "little"),
            token["expiresAtMs"].to_bytes(8, "little"),
            token["tokenId"],
            token["processId"],
            token["upKey"],
            token["downKey"],
        )
    )


def cookie(process_key, at_ms, address, connection_id, token):
    """Time, then a MAC over it, the connection id, the token and the address in words."""
    time = (int(at_ms) & 0xFFFFFFFF).to_bytes(4, "little")
    cookie_key = _hmac(process_key, b"gruppetto cookie 1")
    return time + _hmac(cookie_key, time, connection_id, token, address.encode())[:16]
