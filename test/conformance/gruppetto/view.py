"""Everybody in view: slots, and each rider's state from news that may come twice, late or not at all."""

from . import rider
from .records import AGE_MAX

UNMARKED = ("check", "watts", "leave")


class Slots:
    """Which rider a slot stands for, and which news of each was heard."""

    def __init__(self):
        self._slots = {}
        self._slot_of = {}

    def slot_of(self, rider_id):
        return self._slot_of.get(rider_id)

    def resolve(self, records, packet_tick):
        news = []
        for record in records:
            slot, tick, body = record["slot"], packet_tick - record["age"], record["body"]
            known = self._slots.get(slot)
            if body["kind"] == "absolute":
                if known is not None and known["id"] != body["id"]:
                    del self._slot_of[known["id"]]
                    news.append((tick, known["id"], {"kind": "leave"}))
                elsewhere = self._slot_of.get(body["id"])
                if elsewhere is not None and elsewhere != slot:
                    del self._slots[elsewhere]
                self._slots[slot] = {"id": body["id"], "whole": tick, "newest": tick, "heard": {tick}}
                self._slot_of[body["id"]] = slot
                news.append((tick, body["id"], body))
                continue
            if known is None or tick <= known["whole"]:
                continue
            if body["kind"] == "leave":
                del self._slots[slot]
                del self._slot_of[known["id"]]
            elif body["kind"] not in UNMARKED:
                if tick in known["heard"] or tick < known["newest"] - AGE_MAX:
                    continue
                known["heard"].add(tick)
                known["newest"] = max(known["newest"], tick)
            news.append((tick, known["id"], body))
        return news


class Follower:
    """One rider. Late news is taken up at its own tick: all that was told after it is ridden again."""

    def __init__(self, tick, body):
        self.tick = self._base_tick = tick
        self.state = dict(body["state"])
        self._base = dict(body["state"])  # After all news that can have no successor out of order any more.
        self._told = []  # Tick and news after it.

    def take(self, tick, body, carry):
        """False when a check says that we believe something else than the server."""
        kind = body["kind"]
        if kind == "absolute":
            self.__init__(tick, body)
        elif kind == "check":
            if tick >= self.tick:
                self.carry_to(tick, carry)
                return rider.check_of(self.state) == body["check"]
        elif tick >= self.tick:
            self.carry_to(tick, carry)
            self._told.append((tick, body))
            rider.apply(self.state, body)
            self._settle_base(tick - AGE_MAX, carry)
        elif tick > self._base_tick:
            self._again(tick, body, carry)
        return True

    def carry_to(self, tick, carry):
        while self.tick < tick:
            carry(self.state, self.tick)
            self.tick += 1

    def _settle_base(self, tick, carry):
        while self._told and self._told[0][0] <= tick:
            told_tick, body = self._told.pop(0)
            for at in range(self._base_tick, told_tick):
                carry(self._base, at)
            self._base_tick = told_tick
            rider.apply(self._base, body)

    def _again(self, tick, body, carry):
        until = self.tick
        self._told.append((tick, body))
        self._told.sort(key=lambda entry: entry[0])
        self.state, self.tick = dict(self._base), self._base_tick
        for told_tick, told in self._told:
            self.carry_to(told_tick, carry)
            rider.apply(self.state, told)
        self.carry_to(until, carry)


class View:
    """All riders whom the server tells of."""

    def __init__(self, road, weather_at):
        self.road = road
        self.weather_at = weather_at
        self.slots = Slots()
        self.riders = {}
        self.doubtful = set()

    def _carry(self, state, tick):
        rider.advance(state, self.road, self.weather_at(tick), tick)

    def take(self, records, packet_tick):
        for tick, rider_id, body in self.slots.resolve(records, packet_tick):
            if body["kind"] == "leave":
                self.riders.pop(rider_id, None)
            elif body["kind"] == "absolute":
                self.riders[rider_id] = Follower(tick, body)
                self.doubtful.discard(rider_id)
            elif rider_id in self.riders and not self.riders[rider_id].take(tick, body, self._carry):
                self.doubtful.add(rider_id)

    def at(self, tick):
        """Everybody's state at a tick that is not before any of theirs."""
        for follower in self.riders.values():
            follower.carry_to(tick, self._carry)
        return {rider_id: follower.state for rider_id, follower in self.riders.items()}
