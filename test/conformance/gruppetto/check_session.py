"""Plays whole sessions again: what came down is used, what went up is compared."""

from . import datagrams, packets, rider
from .check_bits import expect
from .check_riders import told
from .check_road import road_named, shared_roads
from .keyring import KeyRing
from .live_ride import Spells
from .numbers import expand_number
from .session import Session
from .view import View

unhex = bytes.fromhex


class Played:
    def __init__(self, given, road):
        self.given = given
        keys = unhex(given["upKey"]), unhex(given["downKey"])
        limits = {"packets": given["keyPackets"]}
        self.session = Session(unhex(given["token"]), *keys, unhex(given["connectionId"]), 0, **limits)
        spells = [{"fromTick": spell["fromTick"], **spell["weather"]} for spell in given["spells"]]
        self.view = View(road, Spells(spells).at)
        self.up, self.outcomes, self.own, self.tick = [], [], None, 0
        self.doubted = []

    def run(self):
        given = self.given
        steps = [(at, 0, i, lambda d=d: self._receive(*d)) for i, d in enumerate(given["down"]) for at in [d[0]]]
        steps += [(at, 1, i, lambda s=s: self.session.offer(s)) for i, (at, s) in enumerate(given["offers"])]
        steps += [
            (at, 2, i, lambda kind=kind, body=body: self.session.wish(kind, unhex(body)))
            for i, (at, kind, body) in enumerate(given["wishes"])
        ]
        if given["closeMs"] is not None:
            steps.append((given["closeMs"], 3, 0, self.session.close))
        for i in range(given["untilMs"] // given["pollMs"] + 1):
            at = i * given["pollMs"]
            steps.append((at, 4, i, lambda at=at: self._send(at)))
        for _, _, _, step in sorted(steps, key=lambda step: step[:3]):
            step()

    def _receive(self, at_ms, datagram):
        session = self.session
        before = dict(session.refused)
        state_before = session.state
        events = session.receive(unhex(datagram), at_ms)
        reason = [name for name, count in session.refused.items() if before.get(name) != count]
        outcome = "nothing"
        if state_before == "connecting" and session.state == "proving":
            outcome = "challenged"
        for event in events:
            if event["kind"] == "riders":
                outcome = f"tick {event['tick']}"
                self.tick = event["tick"]
                before_doubt = set(self.view.doubtful)
                self.view.take(event["records"], event["tick"])
                self.doubted += sorted(self.view.doubtful - before_doubt)
            elif event["kind"] == "own":
                self.own = {**event["state"], "tick": event["tick"]}
            elif event["kind"] == "closed":
                outcome = f"closed: {event['reason']}"
        self.outcomes.append(f"refused: {reason[0]}" if reason else outcome)

    def _send(self, at_ms):
        datagram = self.session.poll(at_ms)
        while datagram is not None:
            self.up.append([at_ms, datagram.hex()])
            datagram = self.session.poll(at_ms)
        self.session.expire(at_ms)


def session(vector, file):
    played = Played(vector, road_named(vector["road"], shared_roads(file)))
    played.run()
    riders = {
        str(rider_id): {**told(state), "check": rider.check_of(state)}
        for rider_id, state in sorted(played.view.at(played.tick).items())
    }
    return (
        expect("outcomes", played.outcomes, vector["outcomes"])
        or _same_up(played.up, vector["up"])
        or _readable(vector)
        or expect("tick", played.tick, vector["tick"])
        or expect("riders", riders, vector["riders"])
        or expect("doubted", played.doubted, vector["doubted"])
        or expect("own", played.own, vector["own"])
        or expect("state", played.session.state, vector["state"])
    )


def _same_up(found, wanted):
    for ours, theirs in zip(found, wanted):
        if ours != theirs:
            return f"sent at {ours[0]} ms: {ours[1]}, should be {theirs[1]} at {theirs[0]} ms"
    return expect("datagrams sent", len(found), len(wanted))


def _readable(vector):
    """As the server reads them: every packet opens, and samples come in order."""
    ring = KeyRing(unhex(vector["downKey"]), unhex(vector["upKey"]), 0, packets=2**40)
    newest = -1
    for at_ms, datagram in vector["up"]:
        found = datagrams.decode(unhex(datagram))
        if found["kind"] == "connect":
            continue
        number = expand_number(found["numberLow"], newest + 1)
        body = ring.open(number, found["phase"], found["header"], found["sealed"], at_ms)
        if body is None:
            return f"the packet sent at {at_ms} ms does not open"
        packets.read_up(body)
        newest = max(newest, number)
    return None


CHECKS = {"session": session}
