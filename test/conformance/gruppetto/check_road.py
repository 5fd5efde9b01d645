"""Checks of the road and of the law of motion."""

import base64
import os
import json
import struct

from . import law, rider
from .check_bits import expect
from .road import Road

_roads = {}


def road_named(name, file):
    """Decoded once per run: every vector of a file rides on the same three."""
    encoded = file["roads"][name]
    if encoded not in _roads:
        _roads[encoded] = Road(base64.b64decode(encoded))
    return _roads[encoded]


def double_hex(value):
    return struct.pack(">d", 0.0 if value == 0 else value).hex()


def road(vector, file):
    on = road_named(vector["road"], file)
    if "exitsOf" in vector:
        exits = [on.exit(vector["exitsOf"], turn) for turn in (0, 1, 2, 3, 4)]
        return expect("exits", [-1 if way is None else way for way in exits], vector["exits"])
    at = vector["at"]
    way = on.way_at(at)
    east, north = on.heading_at(at)
    names = "slope width bend bank crr grip height wind_share air x y".split()
    values = [getattr(on, name + "_at")(at) for name in names] + [east, north]
    complaint = expect("way", way, vector["way"])
    for name, value, wanted in zip(names + ["east", "north"], values, vector["values"]):
        complaint = complaint or expect(name, double_hex(value), wanted)
    for is_wet, wanted in zip((False, True), vector["allowed"]):
        bends = on.bends(is_wet)
        found = [double_hex(bends.allowed(at, way, to)) for to in (on.exit(way), None, on.exit(way, 1))]
        complaint = complaint or expect("allowed, wet" if is_wet else "allowed", found, wanted)
    return complaint


def weather_of(told):
    return law.Weather(
        told["windEastMps"], told["windNorthMps"], told["gustShare"], told["seaLevelC"], told["isWet"]
    )


def carry(vector, _file):
    on = road_named(vector["road"], shared_roads(_file))
    state = dict(vector["start"])
    weather = weather_of(vector["weather"])
    powers = {tick: watts for tick, watts in vector["powers"]}
    wanted = {told[0]: told[1:] for told in vector["states"]}
    if vector["ticks"] not in wanted:
        return "the last tick is not told"
    for n in range(vector["ticks"]):
        state["powerW"] = powers.get(n, state["powerW"])
        rider.advance(state, on, weather, vector["fromTick"] + n, vector["isOnGrid"])
        if n + 1 in wanted:
            found = [double_hex(state[name]) for name in ("placeM", "speedMps", "lateralM", "lateralMps")]
            if found != wanted[n + 1]:
                return f"tick {n + 1}: {found}, should be {wanted[n + 1]}"
    return None


def shared_roads(file):
    if "roads" not in file:
        with open(os.path.join(file["folder"], "road.json"), encoding="utf-8") as road_file:
            file["roads"] = json.load(road_file)["roads"]
    return file


CHECKS = {"road": road, "carry": carry}
