"""Rows of wire tables: name, bits, unit, smallest; value = count · unit + smallest."""

import math


def round_half_up(value):
    floor = math.floor(value)
    return floor if value - floor < 0.5 else floor + 1


def to_count(value, field):
    _, bits, unit, smallest = field
    return min(max(round_half_up((value - smallest) / unit), 0), (1 << bits) - 1)


def from_count(count, field):
    return count * field[2] + field[3]


def on_grid(value, field):
    return from_count(to_count(value, field), field)


def read_fields(reader, table):
    return {field[0]: from_count(reader.bits(field[1]), field) for field in table}


def write_fields(writer, table, values):
    for field in table:
        writer.bits(to_count(values[field[0]], field), field[1])
