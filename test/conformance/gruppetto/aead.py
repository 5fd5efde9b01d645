"""ChaCha20-Poly1305 of RFC 8439, in the open: nobody's secrets depend on how long this takes."""

import hmac
import struct

TAG_BYTES = 16
_MASK = 0xFFFFFFFF
_CONSTANTS = struct.unpack("<4I", b"expand 32-byte k")


def _quarter(s, a, b, c, d):
    s[a] = (s[a] + s[b]) & _MASK
    x = s[d] ^ s[a]
    s[d] = ((x << 16) | (x >> 16)) & _MASK
    s[c] = (s[c] + s[d]) & _MASK
    x = s[b] ^ s[c]
    s[b] = ((x << 12) | (x >> 20)) & _MASK
    s[a] = (s[a] + s[b]) & _MASK
    x = s[d] ^ s[a]
    s[d] = ((x << 8) | (x >> 24)) & _MASK
    s[c] = (s[c] + s[d]) & _MASK
    x = s[b] ^ s[c]
    s[b] = ((x << 7) | (x >> 25)) & _MASK


def chacha20_block(key, counter, nonce):
    start = list(_CONSTANTS) + list(struct.unpack("<8I", key)) + [counter] + list(struct.unpack("<3I", nonce))
    s = start[:]
    for _ in range(10):
        _quarter(s, 0, 4, 8, 12)
        _quarter(s, 1, 5, 9, 13)
        _quarter(s, 2, 6, 10, 14)
        _quarter(s, 3, 7, 11, 15)
        _quarter(s, 0, 5, 10, 15)
        _quarter(s, 1, 6, 11, 12)
        _quarter(s, 2, 7, 8, 13)
        _quarter(s, 3, 4, 9, 14)
    return struct.pack("<16I", *((a + b) & _MASK for a, b in zip(s, start)))


def _crypt(key, nonce, data):
    out = bytearray()
    for i in range(0, len(data), 64):
        block = chacha20_block(key, 1 + i // 64, nonce)
        out += bytes(a ^ b for a, b in zip(data[i : i + 64], block))
    return bytes(out)


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    s = int.from_bytes(key[16:], "little")
    sum_ = 0
    for i in range(0, len(message), 16):
        sum_ = (sum_ + int.from_bytes(message[i : i + 16] + b"\x01", "little")) * r % ((1 << 130) - 5)
    return ((sum_ + s) & ((1 << 128) - 1)).to_bytes(16, "little")


def _tag(key, nonce, aad, sealed):
    pad = lambda data: data + bytes(-len(data) % 16)
    message = pad(aad) + pad(sealed) + struct.pack("<QQ", len(aad), len(sealed))
    return poly1305(chacha20_block(key, 0, nonce)[:32], message)


def seal(key, nonce, aad, plain):
    sealed = _crypt(key, nonce, plain)
    return sealed + _tag(key, nonce, aad, sealed)


def unseal(key, nonce, aad, sealed):
    """The plain bytes; None when they are not from who holds the key."""
    if len(sealed) < TAG_BYTES:
        return None
    body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    if not hmac.compare_digest(tag, _tag(key, nonce, aad, body)):
        return None
    return _crypt(key, nonce, body)
