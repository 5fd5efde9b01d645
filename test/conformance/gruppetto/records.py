"""Records of riders as bits: the block, its sections, and each kind of record."""

from .codes import read_golomb, read_signed, write_golomb, write_signed
from .fields import read_fields, write_fields
from .refused import Refused
from .rider import STATE

SLOTS = 512
AGE_MAX = 63
AGE_K, COUNT_K, GAP_K = 0, 2, 2
ALONG, SIDEWAYS, TELEMETRY, FLAGS, TURN = 1, 2, 4, 8, 16
# Name and order of the code, of each part of a change.
STEPS = (
    (ALONG, (("placeSteps", 0), ("speedSteps", 2), ("draftSteps", 0))),
    (SIDEWAYS, (("lateralSteps", 0), ("lateralSpeedSteps", 1), ("lineSteps", 3))),
    (TELEMETRY, (("powerSteps", 4), ("cadenceSteps", 0), ("heartRateSteps", 0))),
)
TRANSFER_FIRST = (("place", 7), ("speed", 9), ("lateral", 6), ("lateralSpeed", 6), ("line", 2), ("draft", 0))
TRANSFER_LAST = (("power", 4), ("cadence", 0), ("heartRate", 0))
LIMITS = {"powerSteps": 3000, "cadenceSteps": 500, "heartRateSteps": 250, "power": 3000, "cadence": 500, "heartRate": 250}


def read_block(r):
    records = []
    age_before = AGE_MAX + 1
    more = r.flag()
    while more:
        age = read_golomb(r, AGE_K)
        if age > AGE_MAX:
            raise Refused("out-of-range")
        if age >= age_before:
            raise Refused("not-canonical")
        age_before = age
        slot = -1
        for _ in range(read_golomb(r, COUNT_K) + 1):
            slot += read_golomb(r, GAP_K) + 1
            if slot >= SLOTS:
                raise Refused("out-of-range")
            records.append({"slot": slot, "age": age, "body": read_record(r)})
        more = age > 0 and r.flag()
    return records


def write_block(w, records):
    i = 0
    w.flag(len(records) > 0)
    while i < len(records):
        age = records[i]["age"]
        section = [record for record in records[i:] if record["age"] == age]
        write_golomb(w, age, AGE_K)
        write_golomb(w, len(section) - 1, COUNT_K)
        slot = -1
        for record in section:
            write_golomb(w, record["slot"] - slot - 1, GAP_K)
            write_record(w, record["body"])
            slot = record["slot"]
        i += len(section)
        if age > 0:
            w.flag(i < len(records))


def _checked(values):
    if any(abs(values[name]) > limit for name, limit in LIMITS.items() if name in values):
        raise Refused("out-of-range")
    return values


def read_record(r):
    if not r.flag():
        if not r.flag():
            return _read_change(r, TELEMETRY)
        return _checked({"kind": "watts", "powerSteps": read_signed(r, 4), "cadenceSteps": read_signed(r, 0)})
    if not r.flag():
        return _read_change(r, SIDEWAYS)
    if not r.flag():
        return _read_change(r, ALONG)
    if not r.flag():
        parts = r.bits(5)
        if parts in (0, ALONG, SIDEWAYS, TELEMETRY):
            raise Refused("not-canonical")
        return _read_change(r, parts)
    kind = r.bits(2)
    if kind == 0:
        return _read_absolute(r)
    if kind == 1:
        return {"kind": "leave"}
    if kind == 2:
        body = {"kind": "transfer"}
        for name, k in TRANSFER_FIRST:
            body[name] = read_signed(r, k)
        body["turn"] = r.bits(3)
        for name, k in TRANSFER_LAST:
            body[name] = read_signed(r, k)
        if body["turn"] > 4:
            raise Refused("out-of-range")
        return _checked(body)
    return {"kind": "check", "check": r.bits(12)}


def _read_change(r, parts):
    change = {"kind": "change", "parts": parts}
    for part, steps in STEPS:
        for name, k in steps:
            change[name] = read_signed(r, k) if parts & part else 0
    change["flags"] = r.bits(4) if parts & FLAGS else 0
    change["turn"] = r.bits(3) if parts & TURN else 0
    if change["turn"] > 4:
        raise Refused("out-of-range")
    for part, steps in STEPS:
        if parts & part and all(change[name] == 0 for name, _ in steps):
            raise Refused("not-canonical")
    return _checked(change)


def _read_absolute(r):
    rider_id = r.bits(24)
    tier = r.bits(1)
    state = read_fields(r, STATE)
    if rider_id == 0 or state["turn"] > 4:
        raise Refused("out-of-range")
    if state["powerW"] > 3000 or state["cadenceRpm"] > 250 or state["heartRateBpm"] > 250:
        raise Refused("out-of-range")
    state.update(tier=tier, shownW=state["powerW"], shownRpm=state["cadenceRpm"])
    return {"kind": "absolute", "id": rider_id, "state": state}


_SINGLE = {TELEMETRY: (0b00, 2), SIDEWAYS: (0b01, 2), ALONG: (0b011, 3)}
_LONG = {"absolute": 0b001111, "leave": 0b011111, "transfer": 0b101111, "check": 0b111111}


def write_record(w, body):
    kind = body["kind"]
    if kind == "change":
        parts = body["parts"]
        if parts in _SINGLE:
            w.bits(*_SINGLE[parts])
        else:
            w.bits(0b0111, 4)
            w.bits(parts, 5)
        for part, steps in STEPS:
            for name, k in steps:
                if parts & part:
                    write_signed(w, body[name], k)
        if parts & FLAGS:
            w.bits(body["flags"], 4)
        if parts & TURN:
            w.bits(body["turn"], 3)
        return
    if kind == "watts":
        w.bits(0b10, 2)
        write_signed(w, body["powerSteps"], 4)
        write_signed(w, body["cadenceSteps"], 0)
        return
    w.bits(_LONG[kind], 6)
    if kind == "absolute":
        w.bits(body["id"], 24)
        w.bits(body["state"]["tier"], 1)
        write_fields(w, STATE, body["state"])
    elif kind == "transfer":
        for name, k in TRANSFER_FIRST:
            write_signed(w, body[name], k)
        w.bits(body["turn"], 3)
        for name, k in TRANSFER_LAST:
            write_signed(w, body[name], k)
    elif kind == "check":
        w.bits(body["check"], 12)
