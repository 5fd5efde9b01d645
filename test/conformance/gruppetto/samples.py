"""The input block: up to four samples, newest first."""

from .refused import Refused

# Name, bits, largest count, what is added to a value to make it a count.
QUANTITIES = (
    ("powerW", 12, 3000, 0),
    ("cadenceHalfRpm", 9, 500, 0),
    ("heartRateBpm", 8, 250, 0),
    ("steer", 8, 254, 127),
)
SHORT_BITS = 11


def write_input(w, samples):
    w.bits(len(samples) - 1, 2)
    newer = None
    for sample in samples:
        if newer is None:
            w.bits(sample["sequence"], 16)
            w.bits(sample["atMs"], 32)
        else:
            step = (newer["sequence"] - sample["sequence"]) & 0xFFFF
            w.flag(step != 1)
            if step != 1:
                w.bits(step, 16)
            step_ms = (newer["atMs"] - sample["atMs"]) & 0xFFFFFFFF
            is_long = step_ms >= 1 << SHORT_BITS
            w.flag(is_long)
            w.bits(step_ms, 32 if is_long else SHORT_BITS)
        for name, bits, _, bias in QUANTITIES:
            if newer is not None:
                w.flag(sample[name] != newer[name])
            if newer is None or sample[name] != newer[name]:
                w.bits(sample[name] + bias, bits)
        newer = sample


def read_input(r):
    samples = []
    for index in range(r.bits(2) + 1):
        sample = {}
        newer = samples[-1] if samples else None
        if newer is None:
            sample["sequence"] = r.bits(16)
            sample["atMs"] = r.bits(32)
        else:
            is_far = r.flag()
            step = r.bits(16) if is_far else 1
            if is_far and step == 1:
                raise Refused("not-canonical")
            is_long = r.flag()
            step_ms = r.bits(32 if is_long else SHORT_BITS)
            if is_long and step_ms < 1 << SHORT_BITS:
                raise Refused("not-canonical")
            if step_ms >= 1 << 31 or step == 0 or step >= 1 << 15:
                raise Refused("out-of-range")
            sample["sequence"] = (newer["sequence"] - step) & 0xFFFF
            sample["atMs"] = (newer["atMs"] - step_ms) & 0xFFFFFFFF
        for name, bits, largest, bias in QUANTITIES:
            if newer is not None and not r.flag():
                sample[name] = newer[name]
                continue
            count = r.bits(bits)
            if count > largest:
                raise Refused("out-of-range")
            if newer is not None and count - bias == newer[name]:
                raise Refused("not-canonical")
            sample[name] = count - bias
        samples.append(sample)
    return samples
