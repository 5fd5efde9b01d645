"""A ride on a live server: legs, everybody in view, and what must hold of it."""

from . import law, wishes
from .road import Road
from .session import Session
from .view import View

SAMPLE_MS = 250


class Spells:
    """What weather holds in the step that leaves a tick."""

    def __init__(self, spells):
        self._spells = sorted(spells, key=lambda spell: spell["fromTick"])

    def at(self, tick):
        held = self._spells[0]
        for spell in self._spells:
            if spell["fromTick"] <= tick:
                held = spell
        return law.Weather(
            held["windEastMps"], held["windNorthMps"], held["gustShare"], held["seaLevelC"], held["isWet"]
        )


class LiveRide:
    def __init__(self, token, up_key, down_key, connection_id, course, spells):
        self.road = Road(course)
        self.road.bends(spells[0]["isWet"])  # Before the session begins: it takes a while.
        self.view = View(self.road, Spells(spells).at)
        self._session_facts = (token, up_key, down_key, connection_id)
        self.session = None
        self.rider_id = None
        self.own = None
        self.counts = {}
        self.closed = None
        self._sequence = 0
        self._sampled_ms = None

    def run(self, sockets, seconds, clock):
        """Half of the time on each of two sockets: the second is another address of the same session.

        On a machine that is busy with other things all of it may take longer: up to three times as long.
        """
        now_ms = lambda: clock() * 1000
        self.session = Session(*self._session_facts, now_ms(), greases=True)
        began_ms = now_ms()
        first_m = None
        while self.closed is None and now_ms() - began_ms < seconds * 1000 * (1 if self._has_seen_all() else 3):
            has_moved = now_ms() - began_ms > seconds * 500
            udp = sockets[1 if has_moved else 0]
            self._work(udp, now_ms, has_moved)
            if first_m is None and self.own is not None:
                first_m = self.own["distanceM"]
        self.session.close()
        while self.session.state == "closing":
            self._send(udp, now_ms())
        return self._report(first_m)

    def _has_seen_all(self):
        asked = ("checks that held", "packets used at the second address")
        return all(self.counts.get(name, 0) > 0 for name in asked) and self._is_heard()

    def _is_heard(self):
        """Wishes are taken up, and all but the last samples."""
        acked = self.own["ackedSequence"] if self.own else None
        return acked is not None and self._sequence - acked <= 4 and self.session.wishes_waiting == 0

    def _work(self, udp, now_ms, has_moved):
        session = self.session
        if session.state == "connected" and (self._sampled_ms is None or now_ms() - self._sampled_ms >= SAMPLE_MS):
            self._sampled_ms = now_ms()
            session.offer(self._sample(now_ms()))
        self._send(udp, now_ms())
        try:
            data = udp.recv(2048)
        except (TimeoutError, OSError):
            return self._note(session.expire(now_ms()))
        events = session.receive(data, now_ms())
        if has_moved:
            self._count("packets used at the second address", sum(event["kind"] == "riders" for event in events))
        self._note(events)

    def _send(self, udp, now_ms):
        datagram = self.session.poll(now_ms)
        while datagram is not None:
            self._count("datagrams up")
            try:
                udp.send(datagram)
            except OSError:
                self._count("datagrams that could not be sent")
            datagram = self.session.poll(now_ms)

    def _sample(self, now_ms):
        watts = 180 + 20 * (self._sequence % 7)
        self._sequence += 1
        return {
            "sequence": self._sequence & 0xFFFF,
            "atMs": int(now_ms) & 0xFFFFFFFF,
            "powerW": watts,
            "cadenceHalfRpm": 180,
            "heartRateBpm": 140,
            "steer": 40 if self._sequence % 9 == 0 else 0,
        }

    def _note(self, events):
        for event in events:
            if event["kind"] == "connected":
                self.rider_id = event["riderId"]
                self.session.wish(5, (100).to_bytes(2, "little"))
                self.session.wish(0xF3, b"grease")
            elif event["kind"] == "riders":
                self._count("packets used")
                for record in event["records"]:
                    self._count(f"records, {record['body']['kind']}")
                checked = sum(record["body"]["kind"] == "check" for record in event["records"])
                before = len(self.view.doubtful)
                self.view.take(event["records"], event["tick"])
                self._count("checks that held", checked - max(0, len(self.view.doubtful) - before))
                self._count("checks that did not hold", max(0, len(self.view.doubtful) - before))
                if len(self.view.doubtful) > before:
                    doubt = {"kind": "doubt", "riderIds": sorted(self.view.doubtful)[: wishes.DOUBTS_MAX]}
                    self.session.wish(*wishes.encode_wish(doubt))
            elif event["kind"] == "own":
                self.own = event["state"]
                self._count("own states")
            elif event["kind"] == "closed":
                self.closed = event["reason"]

    def _count(self, name, by=1):
        self.counts[name] = self.counts.get(name, 0) + by

    def _report(self, first_m):
        session, counts = self.session, self.counts
        failures = []
        expect = lambda holds, sentence: None if holds else failures.append(sentence)
        expect(self.closed is None, f"the server ended the session: {self.closed}")
        expect(self.rider_id is not None, "no welcome came")
        expect(counts.get("own states", 0) > 0, "no own state came")
        if self.own is not None:
            expect(self.own["distanceM"] > first_m, "the rider did not move")
            expect(self.own["workJ"] > 0, "no work was credited")
            expect(self._is_heard(), f"sample {self._sequence} is the last, and {self.own['ackedSequence']} acked")
        expect(counts.get("packets used at the second address", 0) > 0, "the session did not follow to another address")
        expect(session.wishes_waiting == 0, f"{session.wishes_waiting} wishes were not acked")
        expect(len(self.view.riders) > 0, "nobody was in view")
        expect(counts.get("checks that held", 0) > 0, "no check of a rider came")
        expect(self.rider_id not in self.view.riders, "oneself is among those in view")
        expect(counts.get("checks that did not hold", 0) == 0, "a rider was carried to another state than the server's")
        expect(session.refused == {}, f"datagrams of the server were refused: {session.refused}")
        figures = dict(sorted(counts.items()))
        figures["riders in view"] = len(self.view.riders)
        figures["round trip, ms"] = round(session.rtt_ms or 0, 2)
        if self.own is not None:
            figures["road ridden, m"] = round(self.own["distanceM"] - first_m, 2)
            figures["work credited, J"] = self.own["workJ"]
        return figures, failures
