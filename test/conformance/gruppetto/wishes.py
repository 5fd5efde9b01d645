"""The wish block and the bodies of wishes."""

from .refused import CUT, Refused

BODY_BYTES_MAX = 64
DOUBTS_MAX = 20
TRAINER_MODES = ("unknown", "off", "road", "target")
SOURCES = ("none", "power-meter", "cadence-sensor", "strap", "trainer", "controls")


def write_wishes(w, wishes):
    w.bits(len(wishes) - 1, 3)
    for wish in wishes:
        w.bits(wish["number"], 16)
        w.bits(wish["kind"], 8)
        w.bits(len(wish["body"]), 8)
        w.raw(wish["body"])


def read_wishes(r):
    wishes = []
    for index in range(r.bits(3) + 1):
        number, kind, length = r.bits(16), r.bits(8), r.bits(8)
        if length > BODY_BYTES_MAX:
            raise Refused("out-of-range")
        if wishes and not 0 < ((number - wishes[-1]["number"]) & 0xFFFF) < 0x8000:
            raise Refused("not-canonical")
        wishes.append({"number": number, "kind": kind, "body": bytes(r.bits(8) for _ in range(length))})
    return wishes


def encode_wish(wish):
    kind = wish["kind"]
    if kind == "turn":
        return 1, bytes([wish["turn"]])
    if kind == "route":
        return 2, wish["routeId"].encode("ascii")
    if kind == "trainer":
        return 3, bytes([TRAINER_MODES.index(wish["mode"])]) + wish["targetW"].to_bytes(2, "little")
    if kind == "sources":
        return 4, bytes(SOURCES.index(wish[name]) for name in ("power", "cadence", "heartRate"))
    if kind == "doubt":
        return 6, b"".join(rider_id.to_bytes(3, "little") for rider_id in wish["riderIds"])
    return 5, wish["riders"].to_bytes(2, "little")


def decode_wish(kind, body):
    lengths = {1: 1, 3: 3, 4: 3, 5: 2}
    if kind not in (1, 2, 3, 4, 5, 6):
        raise Refused("unknown-kind")
    if kind in lengths and len(body) != lengths[kind]:
        raise Refused(CUT)
    if kind == 1:
        if body[0] > 4:
            raise Refused("out-of-range")
        return {"kind": "turn", "turn": body[0]}
    if kind == 2:
        if len(body) > 64:
            raise Refused("too-long")
        if any(byte < 0x21 or byte > 0x7E for byte in body):
            raise Refused("out-of-range")
        return {"kind": "route", "routeId": body.decode("ascii")}
    if kind == 3:
        target = int.from_bytes(body[1:], "little")
        if body[0] >= len(TRAINER_MODES) or target > 2500:
            raise Refused("out-of-range")
        mode = TRAINER_MODES[body[0]]
        if mode != "target" and target != 0:
            raise Refused("not-canonical")
        return {"kind": "trainer", "mode": mode, "targetW": target}
    if kind == 4:
        if max(body) >= len(SOURCES):
            raise Refused("out-of-range")
        power, cadence, heart_rate = (SOURCES[index] for index in body)
        return {"kind": "sources", "power": power, "cadence": cadence, "heartRate": heart_rate}
    if kind == 6:
        if len(body) == 0 or len(body) % 3 != 0:
            raise Refused(CUT)
        if len(body) > 3 * DOUBTS_MAX:
            raise Refused("too-long")
        ids = [int.from_bytes(body[i : i + 3], "little") for i in range(0, len(body), 3)]
        return {"kind": "doubt", "riderIds": ids}
    riders = int.from_bytes(body, "little")
    if not 16 <= riders <= 320:
        raise Refused("out-of-range")
    return {"kind": "view", "riders": riders}
