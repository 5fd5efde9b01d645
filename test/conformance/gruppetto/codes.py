"""Exp-Golomb codes, and whole numbers with a sign."""

from .refused import CUT, Refused

LENGTH_MAX = 24


def write_golomb(w, n, k):
    m = (n >> k) + 1
    length = m.bit_length() - 1
    w.bits((1 << length) - 1, length + 1)
    w.bits(m - (1 << length), length)
    w.bits(n, k)


def read_golomb(r, k):
    length = 0
    while r.flag():
        length += 1
        if length > LENGTH_MAX:
            raise Refused(CUT)
    m = (1 << length) + r.bits(length)
    return ((m - 1) << k) + r.bits(k)


def fold(value):
    """0, -1, 1, -2, 2 … to 0, 1, 2, 3, 4."""
    return -2 * value - 1 if value < 0 else 2 * value


def unfold(n):
    return -(n + 1) // 2 if n % 2 else n // 2


def write_signed(w, value, k):
    write_golomb(w, fold(value), k)


def read_signed(r, k):
    return unfold(read_golomb(r, k))
