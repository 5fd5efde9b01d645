"""What each file of vectors asks. A check answers None, or what is wrong in words."""

from . import check_bits, check_packets, check_riders, check_road, check_session

CHECKS = {**check_bits.CHECKS, **check_packets.CHECKS, **check_riders.CHECKS, **check_road.CHECKS, **check_session.CHECKS}
