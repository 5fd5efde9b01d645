/** Every bound of the language in one place. A number that limits anything on the wire or in a room stands here. */

/** Ticks in a second. The world has no other clock. */
export const TICK_HZ = 20
/** One tick, exactly. */
export const TICK_MS = 50
/** The largest datagram we send or accept, UDP payload bytes; below every common path MTU. */
export const DATAGRAM_BYTES_MAX = 1200
/** Riders one room may hold. */
export const ROOM_RIDERS_MAX = 3000
/** Slots a rider block can name, and riders one viewer may be shown, at most and at least. */
export const SLOTS = 512
export const VIEW_RIDERS_MAX = 320
export const VIEW_RIDERS_MIN = 16
/** Samples repeated in each input packet, newest included: one lost packet costs nothing. */
export const INPUT_SAMPLES_MAX = 4
/** No rider holds more than this, even for a second; above it the sample is refused. */
export const POWER_MAX_W = 3000
export const CADENCE_MAX_RPM = 250
export const HEART_RATE_MAX_BPM = 250
/** Power holds until replaced, at most this long … */
export const POWER_HOLD_MS = 3000
/** … then decays in a straight line to nothing within this long. */
export const POWER_DECAY_MS = 2000
/** Samples of one rider that may wait for a tick; the oldest go first. */
export const INBOX_SAMPLES_MAX = 32
/** Characters (code points) in a rider's name. */
export const NAME_LENGTH_MAX = 24
/** Version of the datagram protocol; a peer with another one is refused at the token exchange. */
export const PROTOCOL_VERSION = 3
/** Riders a viewer is shown who asks for no other number: the nearest by road. */
export const VIEW_RIDERS = 100
/** Tiers: the nearest so many are near, the next up to so many in the middle, the rest far. */
export const NEAR_RIDERS = 16
export const MIDDLE_RIDERS = 64
/** Who is in a tier, or in view, stays until so many others are nearer, so that nobody flickers at an edge. */
export const TIER_KEEP = 8
export const VIEW_KEEP = 8
/**
 * The public prediction may be wrong by so much, what its speed is wrong by for so long on top, and sideways also what its
 * line is wrong by, a share of it: a record is due before the error is there, for it takes half a round trip to arrive.
 * By tier: fine, coarse.
 */
export const TOLERANCES = [
  { alongM: 0.07, alongS: 0.3, sidewaysM: 0.1, sidewaysS: 0.15, lineShare: 0.08 },
  { alongM: 0.5, alongS: 0.5, sidewaysM: 0.25, sidewaysS: 0.3, lineShare: 0.08 },
] as const
/** Watts so wrong that they are worth this much, m/s², are told at once. */
export const PULL_TOLD_MPS2 = 0.15
/** A wish for a junction is told so long before the rider gets there, s: long before the brakes. */
export const TURN_TOLD_S = 10
/** Ticks between two tellings of watts at least, a packet's wait of one tick not counted: near, middle, far. */
export const WATTS_TICKS_MIN = 4
export const TELEMETRY_TICKS_MIN = [18, 98] as const
/** A rider in view whose state is certain is checked within this many ticks. */
export const CHECK_TICKS = 80
/** Own state goes down when it is due (server/world/own-feed.ts), at least this often; and for who stands. */
export const OWN_STATE_TICKS_MAX = 5
export const OWN_STATE_STANDING_TICKS = 20
/** Packets behind the newest in which a late one is still known from a replay. */
export const REPLAY_WINDOW_PACKETS = 1024
/** A connect token lives this long. */
export const TOKEN_TTL_MS = 45_000
/** A cookie proves an address for this long. */
export const COOKIE_TTL_MS = 10_000
/** A handshake message is said again after this long, then each time half as long again, and given up after HANDSHAKE_TIMEOUT_MS. */
export const HANDSHAKE_RESEND_MS = 20
export const HANDSHAKE_RESEND_MAX_MS = 500
export const HANDSHAKE_TIMEOUT_MS = 10_000
/** CONNECTs and RESPONSEs with one token: so many at once, then so many a second. */
export const HANDSHAKES_AT_ONCE_MAX = 24
export const HANDSHAKES_PER_S = 16
/** Tokens a room has given out and remembers until they are spent or expire; what came before them is opened when it comes. */
export const TOKENS_REMEMBERED_MAX = 20_000
/** Tokens that are opened, all of a room together: what a flood of them may cost a tick. */
export const TOKEN_OPENINGS_AT_ONCE_MAX = 1000
export const TOKEN_OPENINGS_PER_S = 4000
/** A client speaks at least this often: acks and clock. */
export const UPLINK_INTERVAL_MS = 100
/** A packet with a new sample has a twin so much later: one lost packet must not cost the tick a tenth of a second. */
export const SAMPLE_TWIN_MS = 20
/** A session without a word for this long is dormant: nothing is sent to it … */
export const SESSION_SILENCE_MS = 10_000
/** … and so much later it is over, unless a valid packet woke it. */
export const SESSION_RESUME_MS = 60_000
/** A client that hears nothing knocks after this long, then ever more slowly. */
export const PROBE_FIRST_MS = 250
export const PROBE_MAX_MS = 2000
/** How often a client asks what the clock is over there: in every packet until it knows, then so far apart. */
export const CLOCK_INTERVAL_MS = 250
/** A new address has so long to answer its challenge, and is asked again after so long. */
export const PATH_VALIDATION_MS = 5000
export const PATH_RESEND_MS = 100
/** A session's last packet number; who gets there begins another session. Far below 2⁵³, where doubles stop counting. */
export const PACKET_NUMBER_MAX = 281_474_976_710_655
/** One key seals so many packets, for so long; the one before opens what is late for this long. */
export const KEY_PACKETS_MAX = 1_048_576
export const KEY_AGE_MAX_MS = 3_600_000
export const KEY_KEPT_MS = 3000
/** Datagrams that tell a newcomer whom there is to see, at once. */
export const JOIN_DATAGRAMS_MAX = 8
/** Room ids, bytes of ASCII. */
export const ROOM_ID_BYTES_MAX = 16
/** Sessions one room holds, and view sessions of one rider. */
export const ROOM_SESSIONS_MAX = 6000
export const RIDER_SESSIONS_MAX = 8
/** Bytes a channel (WebSocket, WebRTC) may have waiting before datagrams to it are dropped. */
export const CHANNEL_BUFFER_BYTES_MAX = 16_384
/** Browsers on WebRTC at once; the next takes the WebSocket. */
export const WEBRTC_PEERS_MAX = 500
/** Characters of a browser's offer. */
export const WEBRTC_OFFER_CHARS_MAX = 16_384
/** Packets a session may send a second on average, and at once; from an address not its own fewer are even opened. */
export const PACKETS_PER_S = 80
export const PACKETS_AT_ONCE_MAX = 40
export const STRAYS_PER_S = 40
export const STRAYS_AT_ONCE_MAX = 20
/** Samples a session may send a second: five times what any sensor gives; what waited on a bad line comes in a burst. */
export const SAMPLES_PER_S = 20
export const SAMPLES_AT_ONCE_MAX = 64
/** A goodbye is said so often: nobody acks it. */
export const BYES = 3
/** Riders away from the road that a room remembers, for each it holds; the oldest go first. */
export const REMEMBERED_PER_RIDER = 8
/** Riders one race may hold. */
export const RACE_ENTRIES_MAX = 500
/** Characters (code points) in a line of chat. */
export const CHAT_LENGTH_MAX = 200
/** Pairing codes of a room that may wait at once, the oldest go first; and how long one waits. */
export const PAIRINGS_MAX = 24_000
export const PAIRING_TTL_S = 300
/** Wishes one up packet repeats, and bytes of one. */
export const WISHES_PER_PACKET = 8
export const WISH_BYTES_MAX = 64
/** Wishes a session may have taken up a second on average, and at once: each is a line of the journal. */
export const WISHES_PER_S = 4
export const WISHES_AT_ONCE_MAX = 16
