#!/usr/bin/env python3
"""Joins a live room by HTTP and UDP, rides, carries everybody in view, and says goodbye.

    python3 test/conformance/live.py http://localhost:8214 [--seconds 10] [--json]
"""

import argparse
import base64
import json
import os
import secrets
import socket
import sys
import time
import urllib.error
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from gruppetto.live_ride import LiveRide  # noqa: E402


def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"} if data else {})
    try:
        with urllib.request.urlopen(request, timeout=15) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{url}: {error.code} {error.read().decode(errors='replace')}")


def unbase64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def join(url, protocol=3):
    rider = {"name": "Second implementation", "massKg": 71, "heightM": 1.77}
    seat = json.loads(ask(f"{url}/matchmake/joinOrCreate/ride", rider))
    place = {"roomId": seat["roomId"], "sessionId": seat["sessionId"]}
    return json.loads(ask(f"{url}/api/token", {"protocol": protocol, "seat": place}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    url = options.url.rstrip("/")
    grant = join(url)
    course = ask(f"{url}/maps/{grant['room']['mapId']}/course.bin")
    weather = lambda: json.loads(ask(f"{url}/api/rooms/{grant['room']['id']}/weather"))
    ride = LiveRide(
        token=unbase64url(grant["token"]),
        up_key=unbase64url(grant["keys"]["up"]),
        down_key=unbase64url(grant["keys"]["down"]),
        connection_id=secrets.token_bytes(8),
        course=course,
        spells=weather()["spells"],
    )
    address = socket.getaddrinfo(grant["datagram"]["host"], grant["datagram"]["port"], type=socket.SOCK_DGRAM)[0]
    sockets = [socket.socket(address[0], socket.SOCK_DGRAM) for _ in range(2)]
    try:
        for udp in sockets:
            udp.connect(address[4])
            udp.settimeout(0.005)
        figures, failures = ride.run(sockets, options.seconds, time.monotonic)
    finally:
        for udp in sockets:
            udp.close()
    if options.json:
        print(json.dumps({"figures": figures, "failures": failures}))
    else:
        for name, value in figures.items():
            print(f"{name}: {value}")
        for failure in failures:
            print(f"FAILED: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
