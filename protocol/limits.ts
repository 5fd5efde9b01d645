/** Every bound of the language in one place. A number that limits anything on the wire or in a room stands here. */

/** Ticks in a second. The world has no other clock. */
export const TICK_HZ = 20
/** One tick, exactly. */
export const TICK_MS = 50
/** The largest datagram we send or accept, UDP payload bytes; below every common path MTU. */
export const DATAGRAM_BYTES_MAX = 1200
/** Riders one room may hold. */
export const ROOM_RIDERS_MAX = 2000
/** Riders one viewer may be shown. */
export const VIEW_RIDERS_MAX = 300
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
/** Riders a viewer is shown: the nearest by road. */
export const VIEW_RIDERS = 64
/** A rider once shown stays shown until this many others are nearer, so that nobody flickers at the edge. */
export const VIEW_RIDERS_KEEP = 72
/** The public prediction may be wrong by this much before a record is due. */
export const DEVIATION_DISTANCE_M = 0.1
export const DEVIATION_LATERAL_M = 0.05
export const DEVIATION_SPEED_MPS = 0.05
/** Ticks between two telemetry records of one rider: at most four a second. */
export const TELEMETRY_TICKS_MIN = 5
/** Every shown rider is told whole again within this many ticks. */
export const REFRESH_TICKS_MAX = 100
/** Own state goes down when it is due (server/world/own-feed.ts), at least this often; and for who stands. */
export const OWN_STATE_TICKS_MAX = 5
export const OWN_STATE_STANDING_TICKS = 20
/** Packets behind the newest in which a late one is still known from a replay. */
export const REPLAY_WINDOW_PACKETS = 1024
/** A connect token lives this long. */
export const TOKEN_TTL_MS = 45_000
/** A cookie proves an address for this long. */
export const COOKIE_TTL_MS = 10_000
/** A handshake message is said again after this long, and given up after HANDSHAKE_TIMEOUT_MS. */
export const HANDSHAKE_RESEND_MS = 250
export const HANDSHAKE_TIMEOUT_MS = 10_000
/** A client speaks at least this often: acks and clock. */
export const UPLINK_INTERVAL_MS = 100
/** A session without a word for this long is over. */
export const SESSION_SILENCE_MS = 10_000
/** Room ids, bytes of ASCII. */
export const ROOM_ID_BYTES_MAX = 16
/** Sessions one room holds, and view sessions of one rider. */
export const ROOM_SESSIONS_MAX = 4000
export const RIDER_SESSIONS_MAX = 8
/** Bytes a channel (WebSocket, WebRTC) may have waiting before datagrams to it are dropped. */
export const CHANNEL_BUFFER_BYTES_MAX = 16_384
/** Browsers on WebRTC at once; the next takes the WebSocket. */
export const WEBRTC_PEERS_MAX = 500
/** Characters of a browser's offer. */
export const WEBRTC_OFFER_CHARS_MAX = 16_384
/** Packets a session may send per tick on average, and at once. */
export const PACKETS_PER_TICK = 4
export const PACKETS_AT_ONCE_MAX = 40
/** Samples a session may send per tick: five times what any sensor gives; what waited on a bad line comes in a burst. */
export const SAMPLES_PER_TICK = 1
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
export const PAIRINGS_MAX = 4096
export const PAIRING_TTL_S = 300
/** Wishes one up packet repeats, and bytes of one. */
export const WISHES_PER_PACKET = 8
export const WISH_BYTES_MAX = 64
/** Wishes a session may have taken up a second on average, and at once: each is a line of the journal. */
export const WISHES_PER_S = 4
export const WISHES_AT_ONCE_MAX = 16
