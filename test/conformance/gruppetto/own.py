"""The rider's own block, and the state that its parts add up to."""

from .fields import read_fields, to_count, write_fields
from .refused import Refused

MOTION = (
    ("placeM", 30, 1 / 512, 0),
    ("speedMps", 16, 1 / 1024, 0),
    ("lateralM", 14, 1 / 512, -16),
    ("lateralMps", 11, 1 / 256, -4),
    ("draftFactor", 10, 1 / 512, 0),
    ("gradeFraction", 13, 1 / 8192, -0.5),
)
ACK = (("sequence", 16, 1, 0), ("ageTicks", 7, 1, 0))
OWED = (("owedJ", 16, 1, -32768),)
LINE = (("lineM", 12, 1 / 128, -16),)
LEGS = (("powerW", 12, 1, 0), ("cadenceRpm", 9, 0.5, 0), ("heartRateBpm", 8, 1, 0))
ROAD = (
    ("distanceM", 31, 1 / 512, -1024),
    ("route", 7, 1, 0),
    ("leg", 11, 1, 0),
    ("turn", 3, 1, 0),
    ("flags", 5, 1, 0),
)
BOOKS = (("workJ", 32, 1, 0), ("brakeJ", 24, 1, 0), ("contactJ", 24, 1, -65536))
GEAR = (
    ("trainerMode", 2, 1, 0),
    ("targetW", 12, 1, 0),
    ("powerSource", 3, 1, 0),
    ("cadenceSource", 3, 1, 0),
    ("heartRateSource", 3, 1, 0),
)
# Bit, name, table; None: the bit says it all. `owed` and `line` are single numbers.
PARTS = ((0, "ack", ACK), (1, "owedJ", OWED), (2, "lineM", LINE), (4, "legs", LEGS), (5, "road", ROAD), (6, "books", BOOKS), (7, "gear", GEAR))


def read_own(r):
    parts = r.bits(8)
    own = dict(read_fields(r, MOTION))
    for bit, name, table in PARTS:
        if parts >> bit & 1:
            values = read_fields(r, table)
            own[name] = values[name] if name in values else values
    own["isTouched"] = parts >> 3 & 1 == 1
    if own.get("owedJ") == 0:
        raise Refused("not-canonical")
    gear = own.get("gear")
    if gear and max(gear["powerSource"], gear["cadenceSource"], gear["heartRateSource"]) > 5:
        raise Refused("out-of-range")
    return own


def write_own(w, own):
    values = {name: own.get(name) for _, name, _ in PARTS}
    if values["owedJ"] is not None and to_count(values["owedJ"], OWED[0]) == 32768:
        values["owedJ"] = None
    parts = sum(1 << bit for bit, name, _ in PARTS if values[name] is not None)
    w.bits(parts | (8 if own["isTouched"] else 0), 8)
    write_fields(w, MOTION, own)
    for _, name, table in PARTS:
        if values[name] is not None:
            write_fields(w, table, values[name] if isinstance(values[name], dict) else {name: values[name]})


class OwnReader:
    """Blocks to states: a part that did not come is as it was; the road goes on as the place does."""

    def __init__(self):
        self.seldom = {"trainerMode": 0, "targetW": 0, "powerSource": 0, "cadenceSource": 0, "heartRateSource": 0}
        self.told = set()
        self.behind = 0

    def take(self, block):
        for name in ("legs", "road", "books", "gear"):
            if name in block:
                self.told.add(name)
                self.seldom.update(block[name])
        if "road" in block:
            self.behind = block["placeM"] - block["road"]["distanceM"]
        if not {"legs", "road", "books"} <= self.told:
            return None
        state = {name: block[name] for name, *_ in MOTION}
        state.update(self.seldom, distanceM=block["placeM"] - self.behind)
        state.update(owedJ=block.get("owedJ", 0), lineM=block.get("lineM"), isTouched=block["isTouched"])
        ack = block.get("ack")
        state.update(ackedSequence=ack and ack["sequence"], ageTicks=ack["ageTicks"] if ack else 0)
        return state
