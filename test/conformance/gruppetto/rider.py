"""A rider's public state, what a tick makes of it, and what news makes of it."""

from . import law
from .fields import on_grid, round_half_up

MOTION = (
    ("placeM", 31, 1 / 1024, 0),
    ("speedMps", 20, 1 / 16384, 0),
    ("lateralM", 15, 1 / 1024, -16),
    ("lateralMps", 13, 1 / 1024, -4),
)
STATE = MOTION + (
    ("lineM", 8, 1 / 8, -16),
    ("turn", 3, 1, 0),
    ("massKg", 4, 6, 48),
    ("cdaM2", 4, 0.02, 0.18),
    ("draftFactor", 6, 1 / 32, 1 / 32),
    ("flags", 4, 1, 0),
    ("powerW", 12, 1, 0),
    ("cadenceRpm", 9, 0.5, 0),
    ("heartRateBpm", 8, 1, 0),
)
HELD, ZONE = 1, 8
# What one step of a change is worth, in each tier: place, speed, lateral, lateral speed.
TIERS = ((1 / 16, 1 / 16, 1 / 16, 1 / 4), (1 / 4, 1 / 8, 1 / 8, 1 / 4))


def settle(state):
    for field in MOTION:
        state[field[0]] = on_grid(state[field[0]], field)


def advance(state, road, weather, tick, is_on_grid=True):
    """The step that leaves `tick`."""
    if state["flags"] & (HELD | ZONE):
        return
    law.move(state, road, weather, tick)
    if is_on_grid:
        settle(state)


def check_of(state):
    """Whether two ends believe the same, in 12 bits."""
    h = state["tier"]
    for field in STATE:
        count = round_half_up((state[field[0]] - field[3]) / field[2])
        h = ((h ^ count) * 0x9E3779B1) & 0xFFFFFFFF
        h ^= h >> 15
    return h % 4096


def apply(state, body):
    """Brings a state that was carried to the record's tick up to date."""
    kind = body["kind"]
    if kind == "absolute":
        state.clear()
        state.update(body["state"])
    elif kind == "change":
        _apply_change(state, body)
    elif kind == "watts":
        state["shownW"] = state["powerW"] + body["powerSteps"]
        state["shownRpm"] = state["cadenceRpm"] + body["cadenceSteps"] * 0.5
    elif kind == "transfer":
        state["tier"] = 1 - state["tier"]
        state["placeM"] += body["place"] / 1024
        state["speedMps"] += body["speed"] / 16384
        state["lateralM"] += body["lateral"] / 1024
        state["lateralMps"] += body["lateralSpeed"] / 1024
        state["lineM"] += body["line"] / 8
        state["draftFactor"] += body["draft"] / 32
        state["turn"] = body["turn"]
        _apply_telemetry(state, body["power"], body["cadence"], body["heartRate"])


def _apply_change(state, change):
    place, speed, lateral, lateral_speed = TIERS[state["tier"]]
    state["placeM"] += change["placeSteps"] * place
    state["speedMps"] += change["speedSteps"] * speed
    state["draftFactor"] += change["draftSteps"] / 32
    state["lateralM"] += change["lateralSteps"] * lateral
    state["lateralMps"] += change["lateralSpeedSteps"] * lateral_speed
    state["lineM"] += change["lineSteps"] / 8
    if change["parts"] & 8:
        state["flags"] = change["flags"]
    if change["parts"] & 16:
        state["turn"] = change["turn"]
    settle(state)
    if change["parts"] & 4:
        _apply_telemetry(state, change["powerSteps"], change["cadenceSteps"], change["heartRateSteps"])


def _apply_telemetry(state, power, cadence, heart_rate):
    state["powerW"] += power
    state["cadenceRpm"] += cadence * 0.5
    state["heartRateBpm"] += heart_rate
    state["shownW"] = state["powerW"]
    state["shownRpm"] = state["cadenceRpm"]
