"""The law of motion: one rider, one tick (docs/protocol.md, "The law of motion")."""

import math
from collections import namedtuple

from . import road as roads

DT = 0.05
INERT_EXTRA = 0.14 / (0.311 * 0.311)
_MASK = 0xFFFFFFFF

Weather = namedtuple("Weather", "wind_east wind_north gust_share sea_level_c is_wet", defaults=(0, 0, 0, 15, False))


def wind_on_road(road, place, weather, tick):
    """In the rider's face, and from the right, m/s."""
    east_mps, north_mps = weather.wind_east, weather.wind_north
    if east_mps == 0 and north_mps == 0:
        return 0.0, 0.0
    mean = math.sqrt(east_mps * east_mps + north_mps * north_mps)
    e_air, n_air = east_mps, north_mps
    if weather.gust_share != 0:
        e, n = east_mps / mean, north_mps / mean
        x, y = road.x_at(place), road.y_at(place)
        along = x * e + y * n - mean * 0.05 * tick
        across = 2 * (y * e - x * n)
        g1, g2 = _noise(0.0, 0.0, along / 96, across / 96, 0.7, 0x51ED270B)
        g1, g2 = _noise(g1, g2, along / 24, across / 24, 0.3, 0x2545F491)
        a = 1 + weather.gust_share * g1
        c = weather.gust_share * 0.8 * g2
        e_air = east_mps * a - north_mps * c
        n_air = north_mps * a + east_mps * c
    share = road.wind_share_at(place)
    e_air, n_air = share * e_air, share * n_air
    east, north = road.heading_at(place)
    return -(e_air * east + n_air * north), -(e_air * north - n_air * east)


def _noise(g1, g2, x, y, share, seed):
    ix, iy = math.floor(x), math.floor(y)
    f, k = x - ix, y - iy
    s = f * f * (3 - 2 * f)
    r = k * k * (3 - 2 * k)
    corners = [_hash(ix + dx, iy + dy, seed) for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1))]
    g1 = g1 + share * _blend([corner & 0xFFFF for corner in corners], s, r)
    g2 = g2 + share * _blend([corner >> 16 for corner in corners], s, r)
    return g1, g2


def _blend(corners, s, r):
    a, b, c, d = corners
    low = a + (b - a) * s
    high = c + (d - c) * s
    return (low + (high - low) * r) / 32767.5 - 1


def _hash(x, y, seed):
    h = (x * 0x9E3779B1 & _MASK) ^ (y * 0x85EBCA77 & _MASK) ^ seed
    h = (h ^ (h >> 15)) * 0x2C1B3C6D & _MASK
    h = (h ^ (h >> 12)) * 0x297A2D39 & _MASK
    return h ^ (h >> 15)


def warmth(sea_level_c, height):
    if sea_level_c == 15:
        return 1
    q = sea_level_c - 15
    t = 288.15 + q
    fall = 0.0065 * height
    y = (fall * (t - 288.15)) / (t * (288.15 - fall))
    return (288.15 / t) * ((1 + 0.5 * (4.2559 + 1) * y) / (1 - 0.5 * (4.2559 - 1) * y))


def drive(v, wheel, least):
    return 0 if wheel == 0 else min(450, wheel / max(v, least))


def move(rider, road, weather, tick):
    """One tick on, in place; not yet on the grid."""
    v, place, mass = rider["speedMps"], rider["placeM"], rider["massKg"]
    way = road.way_at(place)
    inert = mass + INERT_EXTRA
    wheel = rider["powerW"] * 0.976
    area = (rider["cdaM2"] + 0.0044) * rider["draftFactor"]
    head, cross = wind_on_road(road, place, weather, tick)
    rho = road.air_at(place) * warmth(weather.sea_level_c, road.height_at(place))
    wet_share = 1.05 if weather.is_wet else 1
    least = math.sqrt((2 * wheel * DT) / inert)

    def against(speed, at):
        slope = road.slope_at(at)
        r = road.crr_at(at) * wet_share
        w = speed + head
        gravity = mass * roads.GRAVITY * slope
        rolling = mass * roads.GRAVITY * r * math.sqrt(1 - slope * slope)
        bearing = 0.091 + 0.0087 * speed
        if cross == 0:
            yaw = abs(w)
        else:
            yaw = (w * w + 1.2 * (cross * cross)) / math.sqrt(w * w + cross * cross)
        return gravity + rolling + bearing + 0.5 * rho * area * w * yaw

    first = (drive(v, wheel, least) - against(v, place)) / inert
    guess = max(0, v + first * DT)
    second = (drive(guess, wheel, least) - against(guess, place + v * DT)) / inert
    free = max(0, v + 0.5 * (first + second) * DT)
    speed = free
    bends = road.bends(weather.is_wet)
    if not bends.is_free:
        speed = _braked(rider, free, way, wheel, inert, least, bends)

    lateral, sideways = rider["lateralM"], rider["lateralMps"]
    x = 2 * DT
    decay = 1 / (1 + x * (1 + x * (0.5 + x / 6)))
    pull = sideways + 2 * (lateral - rider["lineM"])
    most = min(2, 0.2 * speed)
    next_sideways = min(most, max(-most, (sideways - x * pull) * decay))
    edge = max(0, 0.5 * road.width_at(place) - 0.5)
    rider["lateralM"] = min(edge, max(-edge, lateral + 0.5 * (sideways + next_sideways) * DT))
    rider["lateralMps"] = next_sideways
    rider["speedMps"] = speed
    rider["placeM"] = place + 0.5 * (v + speed) * DT
    _pass_ends(rider, road, way)


def _braked(rider, free, way, wheel, inert, least, bends):
    v, place = rider["speedMps"], rider["placeM"]
    following = bends.road.exit(way, rider["turn"])
    after = lambda u: place + 0.5 * (v + u) * DT
    a = bends.allowed(after(free), way, following)
    if free * free <= a:
        return free
    a = min(a, bends.allowed(after(math.sqrt(a)), way, following))
    coast = free - (drive(v, wheel, least) / inert) * DT
    hardest = coast - roads.brake(0.55, bends.mu(place)) * DT
    return min(free, max(0, hardest, math.sqrt(a)))


def _pass_ends(rider, road, way):
    d = rider["placeM"]
    while True:
        beyond = rider["placeM"] - road.end[way]
        if not beyond >= 0:
            return
        following = road.exit(way, rider["turn"])
        if following is None:
            rider["placeM"] = road.end[way] - 0.001
            rider["speedMps"] = 0.0
            return
        rider["placeM"] = d + ((road.start[following] + beyond) - d)
        way = following
        rider["turn"] = 0
