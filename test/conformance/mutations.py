"""Mistakes planted in the second implementation; each must turn the vectors red. Run by `verify.py --mutations`."""

import importlib.abc
import importlib.machinery
import json
import os
import sys

# Name, module, text that stands in it exactly once, what replaces it, and the files that must notice.
MUTATIONS = (
    ("bits are read most significant first", "bits", '"little")\n\n    @property', '"big")\n\n    @property', ("bits",)),
    ("the reader forgets an overrun", "bits", "            self.overrun = True\n            return 0", "            return 0", ("bits",)),
    ("of two numbers equally near the smaller is taken", "numbers", "around > expected + size // 2 and", "around >= expected + size // 2 and", ("number",)),
    ("the window is one packet shorter", "numbers", "number > self.newest - REPLAY_WINDOW_PACKETS and", "number > self.newest - REPLAY_WINDOW_PACKETS + 1 and", ("ack",)),
    ("acks remember 31 packets", "numbers", "number - used <= 32]", "number - used <= 31]", ("ack",)),
    ("halves are rounded to even", "fields", "return floor if value - floor < 0.5 else floor + 1", "return round(value)", ("fields",)),
    ("the grid of place is finer", "rider", '("placeM", 31, 1 / 1024, 0)', '("placeM", 31, 1 / 2048, 0)', ("carry",)),
    ("air density is not rounded to binary32", "road", "self.air = [f32(density(height * 2**-17))", "self.air = [(density(height * 2**-17))", ("road",)),
    ("guards lie level", "road", 'self.height[-1] + 2 * columns["slope"][-1]', "self.height[-1]", ("road",)),
    ("a turn to the left takes the first exit", "road", "1: (1, 2, 3, 4)", "1: ()", ("road",)),
    ("brakes know no friction ellipse", "road", "* math.sqrt(1 - share * share) + GRAVITY", "+ GRAVITY", ("road",)),
    ("wind from the other side", "law", "-(e_air * north - n_air * east)", "(e_air * north + n_air * east)", ("carry",)),
    ("gusts are drawn from another seed", "law", "0x2545F491", "0x2545F492", ("carry",)),
    ("the crank loses nothing", "law", '* 0.976', "* 1.0", ("carry",)),
    ("the second stage asks the slope at the old place", "law", "against(guess, place + v * DT)", "against(guess, place)", ("carry",)),
    ("the line is the middle of the road", "law", '(lateral - rider["lineM"])', "(lateral - 0)", ("carry",)),
    ("a wish holds for every junction", "law", '        rider["turn"] = 0\n', "", ("carry",)),
    ("nobody stops at a wall", "law", 'rider["speedMps"] = 0.0', "pass", ("carry",)),
    ("the nonce is big endian", "keys", 'number.to_bytes(8, "little")', 'number.to_bytes(8, "big")', ("sealed", "key-phases")),
    ("the tag does not look at the header", "aead", "pad(aad) + pad(sealed)", "pad(sealed)", ("sealed",)),
    ("ten rounds instead of twenty", "aead", "for _ in range(10)", "for _ in range(5)", ("sealed",)),
    ("the next key is that of the other direction", "keyring", "self._present = tuple(keys.next_key(key) for key in self._present)", "self._present = tuple(keys.next_key(key) for key in reversed(self._present))", ("session",)),
    ("the phase is not looked at", "datagrams", '"phase": first >> 7', '"phase": 0', ("datagram", "session")),
    ("any version is welcome", "datagrams", "data[1] != VERSION", "False", ("malformed",)),
    ("half the circle is not far", "samples", "step >= 1 << 15", "step > 1 << 15", ("malformed",)),
    ("steering is off by one", "samples", '("steer", 8, 254, 127)', '("steer", 8, 254, 128)', ("input", "up")),
    ("a wish may be said again in the same packet", "wishes", "not 0 < (", "not 0 <= (", ("malformed",)),
    ("the own speed has another unit", "own", '("speedMps", 16, 1 / 1024, 0)', '("speedMps", 16, 1 / 2048, 0)', ("own",)),
    ("codes may be as long as they like", "codes", "LENGTH_MAX = 24", "LENGTH_MAX = 25", ("malformed",)),
    ("ones and zeros of codes change places", "codes", "while r.flag()", "while not r.flag()", ("golomb",)),
    ("the code of a line has another order", "records", '("lineSteps", 3)', '("lineSteps", 2)', ("rider-block",)),
    ("what changes nothing may be sent", "records", 'raise Refused("not-canonical")\n    return _checked(change)', "pass\n    return _checked(change)", ("malformed",)),
    ("coarse steps are fine ones", "rider", '= TIERS[state["tier"]]', "= TIERS[0]", ("apply", "follow")),
    ("a change is not put back on the grid", "rider", '        state["turn"] = change["turn"]\n    settle(state)', '        state["turn"] = change["turn"]', ("apply",)),
    ("late news is passed over", "view", "            self._again(tick, body, carry)", "            pass", ("follow", "session")),
    ("news told twice counts twice", "view", "if tick in known", "if False and tick in known", ("slots",)),
    ("acks name packets received, not used", "session", "        if number < self.used.newest:\n            return events\n", "", ("session",)),
)

PACKAGE = "gruppetto"


class _Planter(importlib.abc.MetaPathFinder):
    """Loads one module of the package with a text replaced."""

    def __init__(self, module, old, new):
        self.module, self.old, self.new = f"{PACKAGE}.{module}", old, new

    def find_spec(self, name, path, target=None):
        if name != self.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        planter = self

        class Loader(importlib.machinery.SourceFileLoader):
            def get_code(self, fullname):
                with open(self.path, encoding="utf-8") as file:
                    source = file.read()
                if source.count(planter.old) != 1:
                    raise ValueError(f"{planter.old!r} stands {source.count(planter.old)} times in {self.path}")
                return compile(source.replace(planter.old, planter.new), self.path, "exec")

        spec.loader = Loader(name, spec.origin)
        return spec


def run(vectors, verify_file, is_json):
    kills = []
    for name, module, old, new, files in MUTATIONS:
        for loaded in [n for n in sys.modules if n == PACKAGE or n.startswith(PACKAGE + ".")]:
            del sys.modules[loaded]
        planter = _Planter(module, old, new)
        sys.meta_path.insert(0, planter)
        try:
            checks = importlib.import_module(f"{PACKAGE}.checks")
            green = [file for file in files if not verify_file(vectors, file, checks)[1]]
        finally:
            sys.meta_path.remove(planter)
        why = f"{', '.join(green)} still green" if green else f"{', '.join(files)} red"
        kills.append({"name": name, "isKilled": not green, "why": why})
        if not is_json:
            print(f"{'killed' if not green else 'ALIVE '}  {name} ({why})")
    if is_json:
        print(json.dumps({"kills": kills}))
    alive = sum(not kill["isKilled"] for kill in kills)
    if not is_json:
        print(f"{len(kills) - alive} killed, {alive} alive")
    return 0 if alive == 0 else 1
