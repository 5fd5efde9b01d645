"""Inner packets: the blocks of one packet in each direction."""

from . import own, samples, wishes
from .bits import BitWriter, StrictReader
from .refused import CUT, Refused

CLOSE_REASONS = ("left", "timed-out", "refused", "replaced", "room-closed", "rider-gone")
PATH_BYTES = 8
UP_ACK, UP_CLOCK, UP_INPUT, UP_BYE, UP_WISHES, UP_EXTENSION, UP_PATH = 1, 2, 4, 8, 16, 32, 64
DOWN_WELCOME, DOWN_BYE, DOWN_CLOCK, DOWN_OWN, DOWN_RIDERS, DOWN_EXTENSION, DOWN_PATH, DOWN_WISH_ACK = (
    1 << bit for bit in range(8)
)


def _end(r, has_extensions):
    """Nothing more; or extensions to the end, each skipped by its length."""
    if not has_extensions:
        return r.end()
    r.align()
    if r.overrun or r.left == 0:
        raise Refused(CUT)
    while r.left > 0:
        r.bits(8)
        for _ in range(r.bits(8)):
            r.bits(8)


def _path(r):
    return bytes(r.bits(8) for _ in range(PATH_BYTES))


def read_up(data):
    r = StrictReader(data)
    blocks = r.bits(8)
    if blocks & 0x80:
        raise Refused("wrong-kind")
    packet = {"isBye": bool(blocks & UP_BYE)}
    if blocks & UP_ACK:
        packet["ack"] = {"newestLow": r.bits(16), "bits": r.bits(32)}
    if blocks & UP_CLOCK:
        packet["clockMs"] = r.bits(16)
    if blocks & UP_PATH:
        packet["path"] = _path(r)
    if blocks & UP_INPUT:
        packet["input"] = samples.read_input(r)
    if blocks & UP_WISHES:
        packet["wishes"] = wishes.read_wishes(r)
    _end(r, blocks & UP_EXTENSION)
    return packet


def write_up(packet):
    w = BitWriter()
    names = (
        ("ack", UP_ACK),
        ("clockMs", UP_CLOCK),
        ("path", UP_PATH),
        ("input", UP_INPUT),
        ("wishes", UP_WISHES),
        ("extensions", UP_EXTENSION),
    )
    w.bits(sum(bit for name, bit in names if packet.get(name) is not None) | (UP_BYE if packet["isBye"] else 0), 8)
    if packet.get("ack") is not None:
        w.bits(packet["ack"]["newestLow"], 16)
        w.bits(packet["ack"]["bits"], 32)
    if packet.get("clockMs") is not None:
        w.bits(packet["clockMs"], 16)
    if packet.get("path") is not None:
        w.raw(packet["path"])
    if packet.get("input") is not None:
        samples.write_input(w, packet["input"])
    if packet.get("wishes") is not None:
        wishes.write_wishes(w, packet["wishes"])
    if packet.get("extensions") is not None:
        w.align()
        for kind, body in packet["extensions"]:
            w.raw(bytes([kind, len(body)]) + body)
    return w.finish()


def read_down(data, riders):
    """`riders` reads the rider block from a reader."""
    r = StrictReader(data)
    blocks = r.bits(8)
    packet = {"tickLow": r.bits(16)}
    if blocks & DOWN_WELCOME:
        packet["welcome"] = {"tick": r.bits(32), "riderId": r.bits(24), "agoMs": r.bits(8)}
    if blocks & DOWN_BYE:
        reason = r.bits(4)
        if reason >= len(CLOSE_REASONS):
            raise Refused("out-of-range")
        packet["bye"] = CLOSE_REASONS[reason]
    if blocks & DOWN_CLOCK:
        packet["echo"] = {"clockMs": r.bits(16), "heldMs": r.bits(12)}
    if blocks & DOWN_PATH:
        packet["path"] = _path(r)
    if blocks & DOWN_WISH_ACK:
        packet["wishAck"] = r.bits(16)
    if blocks & DOWN_OWN:
        packet["own"] = own.read_own(r)
    if blocks & DOWN_RIDERS:
        packet["riders"] = riders(r)
    _end(r, blocks & DOWN_EXTENSION)
    return packet
