"""A rider's public state, and what a tick makes of it."""

from . import law
from .fields import on_grid

MOTION = (
    ("placeM", 31, 1 / 1024, 0),
    ("speedMps", 20, 1 / 16384, 0),
    ("lateralM", 15, 1 / 1024, -16),
    ("lateralMps", 13, 1 / 1024, -4),
)
HELD, ZONE = 1, 8


def advance(state, road, weather, tick, is_on_grid=True):
    """The step that leaves `tick`."""
    if state["flags"] & (HELD | ZONE):
        return
    law.move(state, road, weather, tick)
    if is_on_grid:
        for field in MOTION:
            state[field[0]] = on_grid(state[field[0]], field)
