"""The client's end of a connection over UDP: no socket, no clock of its own. Times are milliseconds."""

import math

from . import datagrams, packets, records
from .keyring import KeyRing
from .numbers import AckHistory, ReplayWindow, expand_number
from .own import OwnReader
from .refused import Refused

RESEND_MS, RESEND_MAX_MS, HANDSHAKE_MS = 20, 500, 10_000
COOKIE_USED_MS = 2500
BEAT_MS, TWIN_MS, SILENCE_MS, RESUME_MS = 100, 20, 10_000, 60_000
PROBE_MS, PROBE_MAX_MS = 250, 2000
CLOCK_MS, ECHOES_EAGER = 250, 4
SAMPLES = 4
WISHES = 8
BYES = 3
PACKET_NUMBER_MAX = 2**48 - 1


class Session:
    """`greases`: says now and then what no version knows, so that no server forgets how to skip it."""

    def __init__(self, token, keys_up, keys_down, connection_id, now_ms, greases=False, **key_limits):
        self.state = "connecting"
        self.token = token
        self.connection_id = connection_id
        self.refused = {}
        self.tick = -1
        self.used = AckHistory()
        self.rtt_ms = None
        self._keys = KeyRing(keys_up, keys_down, now_ms, **key_limits)
        self._replays = ReplayWindow()
        self._own = OwnReader()
        self._number = 0
        self._since_ms = now_ms
        self._sent_ms = -math.inf
        self._wait_ms = 0
        self._cookie = None
        self._cookie_ms = 0
        self._heard_ms = now_ms
        self._samples = []
        self._wishes = []
        self._wish_number = 0
        self._is_pressing = False
        self._is_sample_new = False
        self._twin_ms = math.inf
        self._path = None
        self._clock_sent_ms = -math.inf
        self._echoes = 0
        self._byes = 0
        self._greases = greases

    # What the rider does.

    def offer(self, sample):
        self._samples = [sample] + self._samples[: SAMPLES - 1]
        self._is_pressing = self._is_sample_new = True

    def wish(self, kind, body):
        self._wishes = [wish for wish in self._wishes if wish["kind"] != kind]
        self._wishes.append({"kind": kind, "number": self._wish_number, "body": body})
        self._wish_number = (self._wish_number + 1) & 0xFFFF
        self._is_pressing = True

    @property
    def wishes_waiting(self):
        return len(self._wishes)

    def close(self):
        if self.state in ("connected", "silent"):
            self.state, self._byes = "closing", BYES
        elif self.state != "closing":
            self.state = "closed"

    # What comes in.

    def receive(self, data, now_ms):
        """Events, as dictionaries with a `kind`; what is refused is counted by its reason."""
        try:
            return self._receive(data, now_ms)
        except Refused as refused:
            self.refused[refused.reason] = self.refused.get(refused.reason, 0) + 1
            return []

    def _receive(self, data, now_ms):
        datagram = datagrams.decode(data)
        if datagram["kind"] == "challenge":
            if self.state != "connecting":
                raise Refused("unexpected")
            if datagram["connectionId"] != self.connection_id:
                raise Refused("not-ours")
            self.state, self._cookie, self._cookie_ms = "proving", datagram["cookie"], now_ms
            self._sent_ms, self._wait_ms = -math.inf, 0
            return []
        if datagram["kind"] != "down":
            raise Refused("wrong-kind")
        if self.state in ("closing", "closed"):
            return []
        number = expand_number(datagram["numberLow"], self._replays.newest + 1)
        if number > PACKET_NUMBER_MAX or not self._replays.is_fresh(number):
            raise Refused("replay")
        body = self._keys.open(number, datagram["phase"], datagram["header"], datagram["sealed"], now_ms)
        if body is None:
            raise Refused("forged")
        packet = packets.read_down(body, records.read_block)
        self._replays.mark(number)
        if "bye" in packet:
            self.state = "closed"
            return [{"kind": "closed", "reason": packet["bye"]}]
        return self._accept(packet, number, now_ms)

    def _accept(self, packet, number, now_ms):
        events = []
        if self.tick < 0:
            if "welcome" not in packet:
                raise Refused("before-welcome")
            self.state, self._sent_ms = "connected", -math.inf
            self.tick = packet["welcome"]["tick"] - 1
            events.append({"kind": "connected", **packet["welcome"]})
        self._heard_ms = now_ms
        if self.state == "silent":
            self.state, self._sent_ms = "connected", -math.inf
        if "echo" in packet:
            sent_ms = math.floor(now_ms) - ((math.floor(now_ms) - packet["echo"]["clockMs"]) & 0xFFFF)
            if sent_ms > self._keys.since_ms:
                self._keys.confirm()
            rtt_ms = now_ms - sent_ms - packet["echo"]["heldMs"]
            self._echoes += 1
            self.rtt_ms = rtt_ms if self.rtt_ms is None else min(self.rtt_ms, rtt_ms)
        if "path" in packet:
            self._path = packet["path"]
            self._is_pressing = True
        if "wishAck" in packet:
            self._wishes = [w for w in self._wishes if 0 < ((w["number"] - packet["wishAck"]) & 0xFFFF) < 0x8000]
        tick = expand_number(packet["tickLow"], self.tick + 1)
        if number < self.used.newest:
            return events
        self.used.mark(number)
        self.tick = tick
        events.append({"kind": "riders", "tick": tick, "number": number, "records": packet.get("riders", [])})
        if "own" in packet:
            state = self._own.take(packet["own"])
            if state is not None:
                events.append({"kind": "own", "tick": tick, "state": state})
            acked = packet["own"].get("ack", {}).get("sequence")
            newest = self._samples[0]["sequence"] if self._samples else None
            if acked is not None and newest is not None and not 0 < ((newest - acked) & 0xFFFF) < 0x8000:
                self._samples = []
        return events

    # What goes out.

    def poll(self, now_ms):
        """The next datagram to send now; call until None."""
        if self.state == "connecting":
            if not self._is_again(now_ms, RESEND_MS, RESEND_MAX_MS):
                return None
            return datagrams.connect(self.connection_id, self.token)
        if self.state == "proving":
            if now_ms - self._cookie_ms > COOKIE_USED_MS:
                self.state, self._sent_ms, self._wait_ms = "connecting", -math.inf, 0
                return self.poll(now_ms)
            return self._packet(now_ms) if self._is_again(now_ms, RESEND_MS, RESEND_MAX_MS) else None
        if self.state == "connected":
            if not self._is_pressing and now_ms - self._sent_ms < BEAT_MS and now_ms < self._twin_ms:
                return None
            self._sent_ms = now_ms
            return self._packet(now_ms)
        if self.state == "silent":
            return self._packet(now_ms) if self._is_again(now_ms, PROBE_MS, PROBE_MAX_MS) else None
        if self.state == "closing":
            self._byes -= 1
            if self._byes < 0:
                self.state = "closed"
                return None
            return self._packet(now_ms)
        return None

    def expire(self, now_ms):
        """Time alone can change or end a session."""
        if self.state in ("connecting", "proving") and now_ms - self._since_ms > HANDSHAKE_MS:
            return self._end()
        if self.state == "connected" and now_ms - self._heard_ms > SILENCE_MS:
            self.state, self._sent_ms, self._wait_ms = "silent", now_ms, PROBE_MS
            return [{"kind": "silent"}]
        if self.state == "silent" and now_ms - self._heard_ms > SILENCE_MS + RESUME_MS:
            return self._end()
        return []

    def _end(self):
        self.state = "closed"
        return [{"kind": "closed", "reason": "timed-out"}]

    def _is_again(self, now_ms, first_ms, most_ms):
        if now_ms - self._sent_ms < self._wait_ms:
            return False
        self._sent_ms = now_ms
        self._wait_ms = first_ms if self._wait_ms == 0 else min(self._wait_ms * 1.5, most_ms)
        return True

    def _packet(self, now_ms):
        number = self._number
        self._number += 1
        phase = self._keys.turn(now_ms)
        if self.state == "proving":
            header = datagrams.response_header(self.connection_id, self._cookie, self.token, number)
        else:
            header = datagrams.up_header(self.connection_id, number, phase)
        is_clock_due = self._echoes < ECHOES_EAGER or now_ms - self._clock_sent_ms >= CLOCK_MS
        if is_clock_due:
            self._clock_sent_ms = now_ms
        body = packets.write_up(
            {
                "ack": None
                if self.used.newest < 0
                else {"newestLow": self.used.newest & 0xFFFF, "bits": self.used.bits},
                "clockMs": math.floor(now_ms) & 0xFFFF if is_clock_due else None,
                "path": self._path,
                "input": self._samples or None,
                "wishes": self._wishes[:WISHES] or None,
                "extensions": [(0xF7, bytes(number % 4)), (0xFF, b"")] if self._greases and number % 5 == 0 else None,
                "isBye": self.state == "closing",
            }
        )
        self._twin_ms = now_ms + TWIN_MS if self._is_sample_new else math.inf
        self._is_pressing = self._is_sample_new = False
        self._path = None
        return header + self._keys.seal(number, header, body)
