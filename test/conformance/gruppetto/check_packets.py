"""Checks of datagrams, seals, tokens and inner packets."""

from . import datagrams, keys, own, packets, records, samples, wishes
from .bits import BitWriter, StrictReader
from .check_bits import expect
from .refused import Refused

unhex = bytes.fromhex


def plain(value):
    """As JSON has it: bytes as hex."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def datagram(vector, _file):
    data = unhex(vector["hex"]).ljust(vector.get("paddedTo", 0), b"\0")
    found = plain(datagrams.decode(data))
    header = found.pop("header", "")
    fields = vector["fields"]
    complaint = expect("fields", found, {"kind": vector["kind"], **fields})
    raw = {name: unhex(value) for name, value in fields.items() if isinstance(value, str)}
    ours = {
        "connect": lambda: datagrams.connect(raw["connectionId"], raw["token"]),
        "challenge": lambda: datagrams.challenge(raw["connectionId"], raw["cookie"]),
        "response": lambda: datagrams.response_header(
            raw["connectionId"], raw["cookie"], raw["token"], fields["numberLow"]
        ),
        "up": lambda: datagrams.up_header(raw["connectionId"], fields["numberLow"], fields["phase"]),
        "down": lambda: datagrams.down_header(fields["numberLow"], fields["phase"]),
        "upChannel": lambda: datagrams.up_channel_header(fields["numberLow"]),
        "token": lambda: datagrams.token_message(raw["token"]),
    }[vector["kind"]]()
    return (
        complaint
        or expect("header", header, ours.hex() if header else "")
        or expect("bytes", (ours + raw.get("sealed", b"")).hex(), data.hex())
    )


def sealed(vector, _file):
    key, header, body = (unhex(vector[name]) for name in ("key", "header", "body"))
    number = vector["packetNumber"]
    made = keys.seal(key, number, header, body)
    turned = bytearray(made)
    turned[len(made) // 2] ^= 1
    return (
        expect("sealed", made.hex(), vector["sealed"])
        or expect("opened", keys.unseal(key, number, header, made), body)
        or expect("with a bit turned", keys.unseal(key, number, header, bytes(turned)), None)
        or expect("as another packet", keys.unseal(key, number + 1, header, made), None)
    )


def key_phases(vector, file):
    first = file["vectors"][0]
    seal_key, open_key = unhex(first["sealKey"]), unhex(first["openKey"])
    for _ in range(vector["epoch"]):
        seal_key, open_key = keys.next_key(seal_key), keys.next_key(open_key)
    header = datagrams.down_header(vector["packetNumber"], vector["epoch"] & 1)
    made = keys.seal(seal_key, vector["packetNumber"], header, unhex(vector["body"]))
    return (
        expect("key to seal", seal_key.hex(), vector["sealKey"])
        or expect("key to open", open_key.hex(), vector["openKey"])
        or expect("header", header.hex(), vector["header"])
        or expect("sealed", made.hex(), vector["sealed"])
    )


def token(vector, _file):
    plain_bytes = unhex(vector["hex"])
    found = keys.decode_token(plain_bytes)
    box = unhex(vector["sealed"])
    return (
        expect("token", plain(found), vector["token"])
        or expect("bytes", keys.encode_token(found).hex(), vector["hex"])
        or expect("sealed", keys.seal_token(unhex(vector["tokenKey"]), box[:12], plain_bytes).hex(), vector["sealed"])
        or expect("opened", keys.open_token(unhex(vector["tokenKey"]), box), found)
    )


def input_block(vector, _file):
    r = StrictReader(unhex(vector["hex"]))
    found = samples.read_input(r)
    r.end()
    w = BitWriter()
    samples.write_input(w, vector["samples"])
    return expect("samples", found, vector["samples"]) or expect("bytes", w.finish().hex(), vector["hex"])


def own_block(vector, _file):
    r = StrictReader(unhex(vector["hex"]))
    found = own.read_own(r)
    read_bits = r.at
    r.end()
    w = BitWriter()
    own.write_own(w, vector["own"])
    return (
        expect("own", found, vector["own"])
        or expect("bits", read_bits, vector["bits"])
        or expect("bytes", w.finish().hex(), vector["hex"])
    )


def rider_wish(vector, _file):
    body = unhex(vector["body"])
    return expect("wish", wishes.decode_wish(vector["kind"], body), vector["wish"]) or expect(
        "bytes", wishes.encode_wish(vector["wish"]), (vector["kind"], body)
    )


def up(vector, _file):
    packet = packets.read_up(unhex(vector["hex"]))
    return expect("packet", plain(packet), vector["packet"]) or expect(
        "bytes", packets.write_up(packet).hex(), vector["hex"]
    )


def down(vector, _file):
    packet = packets.read_down(unhex(vector["hex"]), records.read_block)
    return expect("packet", plain(packet), vector["packet"])


CHECKS = {
    "datagram": datagram,
    "sealed": sealed,
    "key-phases": key_phases,
    "token": token,
    "input": input_block,
    "own": own_block,
    "rider-wish": rider_wish,
    "up": up,
    "down": down,
}


def malformed(vector, _file):
    data = unhex(vector["hex"]).ljust(vector.get("paddedTo", 0), b"\0")
    read = {
        "datagram": datagrams.decode,
        "up": packets.read_up,
        "down": lambda body: packets.read_down(body, records.read_block),
        "token": keys.decode_token,
        "wish": lambda body: wishes.decode_wish(body[0], body[1:]),
    }[vector["what"]]
    try:
        read(data)
        reason = None
    except Refused as refused:
        reason = refused.reason
    return expect("reason", reason, vector["reason"])


CHECKS["malformed"] = malformed
