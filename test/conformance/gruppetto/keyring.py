"""Keys of one end, epoch after epoch: one bit of the header tells even epochs from odd ones."""

import math

from . import keys

PACKETS_MAX = 1_048_576
AGE_MAX_MS = 3_600_000
KEPT_MS = 3000


class KeyRing:
    """`seal_key` and `open_key` of the first epoch."""

    def __init__(self, seal_key, open_key, now_ms, packets=PACKETS_MAX, age_ms=AGE_MAX_MS, kept_ms=KEPT_MS):
        self.epoch = 0
        self._present = (seal_key, open_key)
        self._before = None
        self.since_ms = now_ms
        self._sealed = 0
        self._is_confirmed = False  # The other end has opened a packet of ours of this epoch.
        self._first_here = math.inf  # Lowest number opened with the present keys.
        self._drop_before_ms = math.inf
        self._limits = (packets, age_ms, kept_ms)

    def confirm(self):
        self._is_confirmed = True

    def turn(self, now_ms):
        """The phase bit of the next packet; here keys change when that is due."""
        packets, age_ms, _ = self._limits
        if now_ms >= self._drop_before_ms:
            self._before = None
            self._drop_before_ms = math.inf
        is_due = self._sealed >= packets or now_ms - self.since_ms >= age_ms
        if is_due and self._is_confirmed:
            self._advance(now_ms, math.inf)
        return self.epoch & 1

    def seal(self, number, header, body):
        self._sealed += 1
        return keys.seal(self._present[0], number, header, body)

    def open(self, number, phase, header, sealed, now_ms):
        """The body; None when it is forged. Exactly one key is tried."""
        if phase == self.epoch & 1:
            body = keys.unseal(self._present[1], number, header, sealed)
            if body is not None and number < self._first_here:
                if self._first_here == math.inf:
                    self._drop_before_ms = now_ms + self._limits[2]
                self._first_here = number
            return body
        if number < self._first_here:
            if self._before is not None and now_ms < self._drop_before_ms:
                return keys.unseal(self._before[1], number, header, sealed)
            if self._before is not None or self._first_here != math.inf:
                return None
        body = keys.unseal(keys.next_key(self._present[1]), number, header, sealed)
        if body is not None:
            self._advance(now_ms, number)
        return body

    def _advance(self, now_ms, first_here):
        self._before = self._present
        self._present = tuple(keys.next_key(key) for key in self._present)
        self.epoch += 1
        self.since_ms = now_ms
        self._sealed = 0
        self._is_confirmed = False
        self._first_here = first_here
        self._drop_before_ms = math.inf if first_here == math.inf else now_ms + self._limits[2]
