"""Packet numbers, the window against replays, and acks."""

REPLAY_WINDOW_PACKETS = 1024


def expand_number(low, expected, bits=16):
    """The number with these low bits that is nearest to the expected one; of two equally near the larger."""
    size = 1 << bits
    around = expected - expected % size + low
    if around > expected + size // 2 and around >= size:
        return around - size
    if around <= expected - size // 2:
        return around + size
    return around


class ReplayWindow:
    def __init__(self):
        self.newest = -1
        self._seen = set()

    def is_fresh(self, number):
        return number > self.newest - REPLAY_WINDOW_PACKETS and number not in self._seen

    def mark(self, number):
        self._seen.add(number)
        if number > self.newest:
            self.newest = number
            self._seen = {seen for seen in self._seen if seen > number - REPLAY_WINDOW_PACKETS}


class AckHistory:
    """The newest packet used, and a bit for each of the 32 before it."""

    def __init__(self):
        self.newest = -1
        self._used = []

    def mark(self, number):
        self.newest = number
        self._used = [used for used in self._used if number - used <= 32] + [number]

    @property
    def bits(self):
        return sum(1 << (self.newest - 1 - used) for used in self._used if used != self.newest)


def is_acked(number, newest, bits):
    back = newest - 1 - number
    return number == newest or (0 <= back < 32 and (bits >> back) & 1 == 1)
