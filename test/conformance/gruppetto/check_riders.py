"""Checks of codes, records, and of what news makes of riders."""

import struct

from . import codes, law, records, rider
from .bits import BitWriter, StrictReader
from .check_bits import expect
from .check_road import double_hex, road_named, shared_roads
from .view import Follower, Slots

DOUBLES = ("placeM", "speedMps", "lateralM", "lateralMps", "cdaM2")


def unhex(text):
    return struct.unpack(">d", bytes.fromhex(text))[0]


def from_told(state):
    return {name: unhex(value) if name in DOUBLES else value for name, value in state.items()}


def told(state):
    return {name: double_hex(value) if name in DOUBLES else value for name, value in state.items()}


def code(vector, _file):
    w = BitWriter()
    r = StrictReader(bytes.fromhex(vector["hex"]))
    if "n" in vector:
        codes.write_golomb(w, vector["n"], vector["k"])
        read = expect("number", codes.read_golomb(r, vector["k"]), vector["n"])
    else:
        codes.write_signed(w, vector["value"], vector["k"])
        read = expect("value", codes.read_signed(r, vector["k"]), vector["value"])
    r.end()
    return read or expect("bits", w.length, vector["bits"]) or expect("bytes", w.finish().hex(), vector["hex"])


def riders(vector, _file):
    r = StrictReader(bytes.fromhex(vector["hex"]))
    found = records.read_block(r)
    r.end()
    w = BitWriter()
    records.write_block(w, vector["records"])
    return expect("records", found, vector["records"]) or expect("bytes", w.finish().hex(), vector["hex"])


def apply(vector, _file):
    state = from_told(vector["before"])
    rider.apply(state, vector["body"])
    return expect("state", told(state), vector["after"]) or expect("check", rider.check_of(state), vector["check"])


def follow(vector, file):
    road = road_named(vector["road"], shared_roads(file))
    carry = lambda state, tick: rider.advance(state, road, law.Weather(), tick)
    first, *later = vector["heard"]
    follower = Follower(first["tick"], first["body"])
    for heard in later:
        follower.take(heard["tick"], heard["body"], carry)
    follower.carry_to(vector["untilTick"], carry)
    state = follower.state
    return expect("state", told(state), vector["state"]) or expect("check", rider.check_of(state), vector["check"])


def slots(vector, _file):
    table = Slots()
    for packet in vector["packets"]:
        news = []
        for tick, rider_id, body in table.resolve(packet["records"], packet["tick"]):
            same = [i for i, one in enumerate(packet["records"]) if one["body"] is body]
            news.append([tick, rider_id, same[0] if same else -1])
        complaint = expect(f"news of tick {packet['tick']}", news, packet["news"])
        if complaint:
            return complaint
    return None


CHECKS = {"golomb": code, "rider-block": riders, "apply": apply, "follow": follow, "slots": slots}
