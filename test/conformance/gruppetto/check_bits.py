"""Checks of bits, packet numbers and acks."""

import struct

from . import numbers
from .bits import BitReader, BitWriter
from .fields import from_count, to_count


def expect(what, found, wanted):
    return None if found == wanted else f"{what}: {found!r}, should be {wanted!r}"


def bit_io(vector, _file):
    if "written" in vector:
        writer = BitWriter()
        for value, count in vector["written"]:
            writer.bits(value, count)
        reader = BitReader(bytes.fromhex(vector["hex"]))
        values = [[reader.bits(count), count] for _, count in vector["written"]]
        return (
            expect("bytes", writer.finish().hex(), vector["hex"])
            or expect("values", values, vector["written"])
            or expect("finished", reader.finished, True)
        )
    reader = BitReader(bytes.fromhex(vector["hex"]))
    values = []
    for width in vector["read"]:
        if width < 0:
            reader.align()
            values.append(0)
        else:
            values.append(reader.bits(width))
    return (
        expect("values", values, vector["values"])
        or expect("overrun", reader.overrun, vector["overrun"])
        or expect("finished", reader.finished, vector["finished"])
    )


def fields(vector, _file):
    row = vector["row"]
    (value,) = struct.unpack(">d", bytes.fromhex(vector["value"]))
    count = to_count(value, row)
    grid = struct.pack(">d", from_count(count, row)).hex()
    return expect("count", count, vector["count"]) or expect("on the grid", grid, vector["onGrid"])


def number(vector, _file):
    return expect("number", numbers.expand_number(vector["low"], vector["expected"]), vector["number"])


def ack(vector, _file):
    if "arrivals" in vector:
        window = numbers.ReplayWindow()
        fresh = []
        for arrival in vector["arrivals"]:
            fresh.append(window.is_fresh(arrival))
            if fresh[-1]:
                window.mark(arrival)
        return expect("fresh", fresh, vector["fresh"])
    history = numbers.AckHistory()
    after = []
    for used in vector["used"]:
        history.mark(used)
        after.append([history.newest, history.bits])
    acked = [n for n in vector["asked"] if numbers.is_acked(n, history.newest, history.bits)]
    return expect("acks", after, vector["after"]) or expect("acked", acked, vector["acked"])


CHECKS = {"bits": bit_io, "fields": fields, "number": number, "ack": ack}
