/** Every bound of the language in one place. A number that limits anything on the wire or in a room stands here. */
/** Ticks in a second. The world has no other clock. */
export declare const TICK_HZ = 20;
/** One tick, exactly. */
export declare const TICK_MS = 50;
/** The largest datagram we send or accept, UDP payload bytes; below every common path MTU. */
export declare const DATAGRAM_BYTES_MAX = 1200;
/** Riders one room may hold. */
export declare const ROOM_RIDERS_MAX = 2000;
/** Riders one viewer may be shown. */
export declare const VIEW_RIDERS_MAX = 300;
/** Samples repeated in each input packet, newest included: one lost packet costs nothing. */
export declare const INPUT_SAMPLES_MAX = 4;
/** No rider holds more than this, even for a second; above it the sample is refused. */
export declare const POWER_MAX_W = 3000;
export declare const CADENCE_MAX_RPM = 250;
export declare const HEART_RATE_MAX_BPM = 250;
/** Power holds until replaced, at most this long … */
export declare const POWER_HOLD_MS = 3000;
/** … then decays in a straight line to nothing within this long. */
export declare const POWER_DECAY_MS = 2000;
/** Samples of one rider that may wait for a tick; the oldest go first. */
export declare const INBOX_SAMPLES_MAX = 32;
/** Characters (code points) in a rider's name. */
export declare const NAME_LENGTH_MAX = 24;
/** Version of the datagram protocol; a peer with another one is refused at the token exchange. */
export declare const PROTOCOL_VERSION = 1;
