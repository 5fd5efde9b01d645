"""Bits in and out, least significant first (docs/protocol.md, "Bits")."""

from .refused import CUT, Refused


class BitReader:
    """After the first overrun everything reads as zero; ask `finished` once, at the end."""

    def __init__(self, data):
        self.data = bytes(data)
        self.at = 0
        self.overrun = False
        self._value = int.from_bytes(self.data, "little")

    @property
    def left(self):
        return len(self.data) * 8 - self.at

    def bits(self, count):
        if self.overrun or count > self.left:
            self.overrun = True
            return 0
        value = (self._value >> self.at) & ((1 << count) - 1)
        self.at += count
        return value

    def flag(self):
        return self.bits(1) == 1

    def raw(self, count):
        """Whole bytes, on a byte boundary."""
        if self.overrun or self.at % 8 != 0 or count * 8 > self.left:
            self.overrun = True
            return b""
        start = self.at // 8
        self.at += count * 8
        return self.data[start : start + count]

    def align(self):
        """Steps over the zeros before the next whole byte; anything else there is a fault."""
        if self.bits(-self.at % 8) != 0:
            self.overrun = True

    @property
    def finished(self):
        return not self.overrun and self.left < 8 and (self._value >> self.at) == 0


class StrictReader(BitReader):
    """The same for packets: what is cut off is refused where it is cut."""

    def bits(self, count):
        value = super().bits(count)
        if self.overrun:
            raise Refused(CUT)
        return value

    def end(self):
        if not self.finished:
            raise Refused(CUT)


class BitWriter:
    def __init__(self):
        self._value = 0
        self.length = 0

    def bits(self, value, count):
        self._value |= (int(value) & ((1 << count) - 1)) << self.length
        self.length += count

    def flag(self, value):
        self.bits(1 if value else 0, 1)

    def raw(self, data):
        for byte in data:
            self.bits(byte, 8)

    def align(self):
        self.length += -self.length % 8

    def finish(self):
        return self._value.to_bytes((self.length + 7) // 8, "little")
