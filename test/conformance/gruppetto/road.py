"""The columns of a road (docs/protocol.md, "The road"), and what its bends allow."""

import math
import struct
import sys
from array import array

GRAVITY = 9.80665
FREE = 1e9
GUARD = 4


def f32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def density(height):
    u = min(0.25, max(-0.25, 0.0065 / 288.15 * height))
    total = 1.0
    term = 1.0
    for k in range(1, 21):
        term = term * (-u * (4.2559 - k + 1) / k)
        total = total + term
    return 1.225 * total


class Road:
    """A decoded course.bin. `start`, `end` and `exits` are of every way."""

    def __init__(self, data):
        magic, version, flags, samples, ways, surfaces = struct.unpack_from("<4sHHIHH", data, 0)
        if magic != b"GCRS" or version != 2 or flags > 1:
            raise ValueError("not a course.bin of version 2")
        self.is_loop = flags == 1
        at = 16
        self.crr, self.grip = [], []
        for _ in range(surfaces):
            crr, grip = struct.unpack_from("<HH", data, at)
            self.crr.append(crr * (1 / 65536))
            self.grip.append(grip * (1 / 1024))
            at += 4
        lengths, first_height, last_height, self.exits = [], [], [], []
        for _ in range(ways):
            length, first, last, exits = struct.unpack_from("<IiiH", data, at)
            at += 14
            lengths.append(length)
            first_height.append(first)
            last_height.append(last)
            self.exits.append([struct.unpack_from("<HH", data, at + 4 * n) for n in range(exits)])
            at += 4 * exits

        def column(code, count):
            nonlocal at
            values = array(code)
            values.frombytes(data[at : at + count * values.itemsize])
            if sys.byteorder == "big":
                values.byteswap()
            at += count * values.itemsize
            return values

        names = ("slope", "h"), ("width", "H"), ("bend", "h"), ("east", "h"), ("north", "h")
        names += ("surface", "B"), ("bank", "b"), ("wind", "B")
        raw = {name: column(code, samples) for name, code in names}
        places = [struct.unpack_from("<5i", data, at + 20 * way) for way in range(ways)]
        at += 20 * ways
        steps_x = column("h", samples)
        steps_y = column("h", samples)
        column("h", samples)
        if at != len(data):
            raise ValueError("course.bin was cut or has a tail")
        self._lay(raw, lengths, first_height, last_height, places, steps_x, steps_y)
        self.air = [f32(density(height * 2**-17)) for height in self.height]
        self._bends = {}

    def _lay(self, raw, lengths, first_height, last_height, places, steps_x, steps_y):
        is_network = len(lengths) > 1
        columns = {name: [] for name in raw}
        self.height, self.x, self.y, self.way_of = [], [], [], []
        self.start, self.end = [], []
        k = 0
        for way, length in enumerate(lengths):
            count = length if self.is_loop else length + 1
            self.start.append(len(self.x))
            self.end.append(len(self.x) + length if is_network else math.inf)
            for name, values in raw.items():
                columns[name].extend(values[k : k + count])
            height, x, y = first_height[way], places[way][0], places[way][1]
            slope = raw["slope"]
            for n in range(k, k + count):
                if n > k:
                    height += slope[n - 1] + slope[n]
                    x += steps_x[n - 1]
                    y += steps_y[n - 1]
                self.height.append(height)
                self.x.append(x)
                self.y.append(y)
            if self.is_loop:
                height += slope[k + count - 1] + slope[k]
                x += steps_x[k + count - 1]
                y += steps_y[k + count - 1]
            if height != last_height[way] or (x, y) != (places[way][2], places[way][3]):
                raise ValueError(f"course.bin: way {way} does not come out where its head says")
            if is_network:
                for _ in range(GUARD):
                    for values in columns.values():
                        values.append(values[-1])
                    self.height.append(self.height[-1] + 2 * columns["slope"][-1])
                    self.x.append(self.x[-1] + _round(columns["east"][-1] * (1 / 32767) * 1000))
                    self.y.append(self.y[-1] + _round(columns["north"][-1] * (1 / 32767) * 1000))
            self.way_of.extend([way] * (len(self.x) - len(self.way_of)))
            k += count
        for name, values in columns.items():
            setattr(self, "_" + name, values)
        self.count = len(self.x)
        self.length = self.count if self.is_loop else self.count - 1

    def seek(self, place):
        """Sample, the one after, and how far between."""
        p = place - self.length * math.floor(place / self.length) if self.is_loop else place
        if not p >= 0:
            p = 0
        if p >= self.length:
            p = 0 if self.is_loop else self.length
        i = min(math.floor(p), self.count - (1 if self.is_loop else 2))
        j = 0 if i == self.count - 1 else i + 1
        f = p - i
        if self.way_of[j] != self.way_of[i]:
            f = 0
            if p == i:
                j = i
            else:
                i = j
        return i, j, f

    def _between(self, column, place):
        i, j, f = self.seek(place)
        return column[i] + (column[j] - column[i]) * f

    def slope_at(self, place):
        return self._between(self._slope, place) * (1 / 65536)

    def width_at(self, place):
        return self._between(self._width, place) * 0.01

    def bend_at(self, place):
        return self._between(self._bend, place) * (1 / 65536)

    def bank_at(self, place):
        return self._between(self._bank, place) * (1 / 254)

    def wind_share_at(self, place):
        return self._between(self._wind, place) * (1 / 255)

    def air_at(self, place):
        return self._between(self.air, place)

    def x_at(self, place):
        return self._between(self.x, place) * 0.001

    def y_at(self, place):
        return self._between(self.y, place) * 0.001

    def height_at(self, place):
        i, j, f = self.seek(place)
        return (self.height[i] + f * (2 * self._slope[i] + (self._slope[j] - self._slope[i]) * f)) * 2**-17

    def heading_at(self, place):
        east = self._between(self._east, place)
        north = self._between(self._north, place)
        length = math.sqrt(east * east + north * north)
        return east / length, north / length

    def crr_at(self, place):
        return self.crr[self._surface[self.seek(place)[0]]]

    def grip_at(self, place):
        return self.grip[self._surface[self.seek(place)[0]]]

    def way_at(self, place):
        return 0 if len(self.start) == 1 else self.way_of[self.seek(place)[0]]

    def exit(self, way, turn=0):
        """The way that follows for a wish, 0 for none; None where the road ends."""
        preferred = {1: (1, 2, 3, 4), 2: (2,), 3: (3, 2, 1, 4), 4: (4,), 0: ()}[turn]
        exits = self.exits[way]
        for wish in preferred:
            for to, its_turn in exits:
                if its_turn == wish:
                    return to
        return exits[0][0] if exits else None

    def bends(self, is_wet):
        if is_wet not in self._bends:
            self._bends[is_wet] = Bends(self, is_wet)
        return self._bends[is_wet]


def _round(value):
    return math.floor(value + 0.5)


class Bends:
    """What the road ahead allows: squares of speeds by the metre."""

    def __init__(self, road, is_wet):
        self.road = road
        self.is_wet = is_wet
        last = road.length
        self.limit = [self._bend2(m) for m in range(last + 1)]
        self.entry = [FREE] * len(road.start)
        self.end_brake = [0.3 * GRAVITY] * len(road.start)
        if road.is_loop:
            self.limit[last] = self.limit[0]
            for _ in range(2):
                self._back(0, last)
                self.limit[last] = min(self.limit[last], self.limit[0])
        else:
            for way, start in enumerate(road.start):
                end = min(road.end[way], last)
                self._back(start, math.ceil(end) - 1)
                self.end_brake[way] = self._easiest(start, end)
                self.entry[way] = self.limit[start]
            self._join()
        self.is_free = len(road.start) == 1 and all(limit == FREE for limit in self.limit)

    def mu(self, place):
        grip = self.road.grip_at(place)
        return min(grip, 0.2 + (4 / 9) * grip) if self.is_wet else grip

    def _bend2(self, metre):
        road = self.road
        bend = road.bend_at(metre)
        slope = road.slope_at(metre)
        mu = self.mu(metre) * 0.75
        bank = road.bank_at(metre)
        if bend < 0:
            bank = -bank
        side = (GRAVITY * math.sqrt(1 - slope * slope) * (mu + bank)) / max(0.1, 1 - mu * bank)
        if not side < abs(bend) * 50 * 50:
            return FREE
        return f32(max(2.0 * 2.0, side / abs(bend)))

    def _back(self, first, last):
        road, limit = self.road, self.limit
        for m in range(last - 1, first - 1, -1):
            after = limit[m + 1]
            if after >= FREE:
                continue
            mu = self.mu(m)
            share = min(1, abs(after * road.bend_at(m) - GRAVITY * road.bank_at(m)) / (mu * 0.75 * GRAVITY))
            slows = brake(0.3, mu) * math.sqrt(1 - share * share) + GRAVITY * road.slope_at(m)
            before = after + 2 * max(0.4, slows)
            if before < limit[m]:
                limit[m] = FREE if before > 50 * 50 else f32(before)

    def _easiest(self, start, end):
        least = 0.3 * GRAVITY
        m = math.floor(max(start, end - 0.5 * 420))
        while m < end:
            least = min(least, brake(0.3, self.mu(m)) + GRAVITY * self.road.slope_at(m))
            m += 1
        return max(0.4, least)

    def _join(self):
        road = self.road
        for _ in range(len(road.start) + 1):
            has_changed = False
            for way, start in enumerate(road.start):
                length = road.end[way] - start
                if not length < 420:
                    continue
                x = self.entry_of(road.exit(way))
                if length < 40:
                    for turn in (1, 2, 3, 4):
                        to = road.exit(way, turn)
                        if to is not None:
                            x = min(x, self.entry[to])
                allowed = x + 2 * self.end_brake[way] * length
                if allowed < self.entry[way]:
                    self.entry[way] = allowed
                    has_changed = True
            if not has_changed:
                return

    def entry_of(self, way):
        return 0 if way is None else self.entry[way]

    def allowed(self, place, way, following):
        road, limit = self.road, self.limit
        last = road.length
        p = place - last * math.floor(place / last) if road.is_loop else place
        i = min(last, max(0, math.floor(p)))
        here = limit[i]
        if i + 1 <= last and i + 1 < road.end[way]:
            here = here + (limit[i + 1] - here) * min(1, max(0, p - i))
        left = road.end[way] - place
        if not left < 420:
            return here
        return min(here, self.entry_of(following) + 2 * self.end_brake[way] * max(0, left))


def brake(share, mu):
    return share * GRAVITY * min(1, mu / 0.9)
