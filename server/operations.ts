import { SETTINGS } from './config.ts'
import type { ErrorCode } from './errors.ts'

/** docs/operations.md, made from the tables it speaks of. `npm run docs` writes it; a test fails when it is old. */

/** What each code means, and what to do. The compiler sees to it that none is forgotten. */
const ERROR_SENTENCES: Readonly<Record<ErrorCode, string>> = {
  ERR_BAD_REQUEST: 'The request is not what this door takes; the message names the place.',
  ERR_CONFIG: 'A setting is wrong or cannot be met; the message names it and the remedy. The server does not start.',
  ERR_CODE_UNKNOWN: 'The pairing code is unknown, used, or older than five minutes. Ask for a new one.',
  ERR_EVENT_STATE: 'The event is in a state that does not allow this. Look at its phase.',
  ERR_EVENT_UNKNOWN: 'There is no such event.',
  ERR_FORBIDDEN: 'The organiser’s token is missing or wrong, or the page’s origin is not in GRUPPETTO_ORIGINS.',
  ERR_INSECURE:
    'A passphrase was to be sent over a line that others can read. Open the page by https, or on the server’s own machine.',
  ERR_MAP_INVALID: 'The road is not here, or cannot be raced on.',
  ERR_NAME_TAKEN: 'Somebody has an account by this name.',
  ERR_MEET_UNKNOWN: 'There is no such meet-up, or it is over.',
  ERR_NOT_READY: 'The server is starting or being stopped, or that part of it is off. Try again in a second.',
  ERR_PROTOCOL_VERSION: 'Client and server speak different versions; the message says which one to update.',
  ERR_RIDE_UNKNOWN: 'There is no such ride, or it is private and somebody else’s.',
  ERR_RIDER_UNKNOWN: 'This rider has no account here.',
  ERR_ROOM_FULL: 'The road holds no more riders.',
  ERR_SEAT_UNKNOWN: 'The seat or secret is unknown here, used, or came too late. Join again.',
  ERR_SIGN_IN: 'Nobody is signed in, or name and passphrase do not belong together.',
  ERR_TOO_MANY: 'Too many requests from one address. Wait a few seconds.',
  ERR_TRACK_INVALID: 'The file is no GPX, TCX or FIT that can become a road; the message says where and why.',
}

export function operationsPage(): string {
  const settings = SETTINGS.map(
    ({ variable, sentence, unit, default: given, absent }) =>
      `| \`${variable}\` | ${sentence} | ${unit} | ${absent ?? `\`${given}\``} |`,
  )
  const errors = Object.entries(ERROR_SENTENCES).map(([code, sentence]) => `| \`${code}\` | ${sentence} |`)
  return `# Operations

This page is made by \`npm run docs\` from the tables in \`server/config.ts\` and \`server/errors.ts\`. Change those.

## Start, stop

\`npm start\` (or \`npx gruppetto serve\`) installs what is missing, builds the page when its sources changed, opens the
database and prints the address. Ctrl-C writes the journals to their end, closes rooms and sockets and stops the database;
a second one, two seconds later, ends at once. After a crash the next start takes over the database that was left.

The first start prints the organiser's token, once. \`serve --new-token\` makes another, and the old one stops working.

## Settings

Environment variables, read once at start. A wrong value or a misspelt name is one sentence and a start that does not happen.

| Variable | What | Unit | Default |
|---|---|---|---|
${settings.join('\n')}

## Opening it to others

Set \`GRUPPETTO_HOST=0.0.0.0\`. Riders need the TCP port and both UDP ports; where only the TCP port passes, browsers ride over
WebSocket. Outside this machine browsers give Bluetooth only to pages that came over HTTPS: give the server a certificate, or
put a reverse proxy before the TCP port; docs/secure.md has both recipes. Set \`GRUPPETTO_ORIGINS\` to the address riders type, as
in https://club.example, and \`GRUPPETTO_ADVERTISED_HOST\` to the name under which the UDP ports are reached.
The server answers to addresses, to private names (localhost, .local, .lan, one word) and to the names in these settings; to
any other \`Host\` it says so and nothing else, or a page elsewhere could make its own name lead to your machine.

### Behind a router or in a container

A server tells riders where to send datagrams: to the name under which they asked, and to its own port numbers. Where a router
or a container stands between, tell it what is outside:

| Situation | Settings |
|---|---|
| home router that forwards TCP 8214, UDP 8214 and UDP 8215 to this machine | \`GRUPPETTO_HOST=0.0.0.0\` and \`GRUPPETTO_ADVERTISED_HOST\` with the router's outer name or address |
| the router gives UDP another number outside | also \`GRUPPETTO_ADVERTISED_PORT\`, and \`GRUPPETTO_ADVERTISED_WEBRTC_PORT\` for browsers |
| container with \`-p 8214:8214 -p 8214:8214/udp -p 8215:8215/udp\` | \`GRUPPETTO_HOST=0.0.0.0\`; \`GRUPPETTO_ADVERTISED_HOST\` with the host's name, for browsers cannot reach the container's own address |
| HTTPS proxy on another machine | \`GRUPPETTO_ADVERTISED_HOST\` with this machine's name: the proxy passes TCP on and no UDP |

Browsers are told the outer address beside the inner one, so that riders in the same network still take the short way.
\`gruppetto doctor https://club.example\`, run where riders are, says what reaches what, and what to do about the rest;
docs/connections.md says how to find whose fault a stutter is.

## The data folder

| In it | What | Lose it and |
|---|---|---|
| \`postgres/\` or \`pglite/\` | the embedded database | events, entries and results are gone |
| \`rides/\` | rides that go on just now, and those the database has not taken yet [A35, A36] | these rides are gone |
| \`journals/\` | every input of every ride, one file for each room, up to \`GRUPPETTO_JOURNAL_MB\` [D204] | no ride can be replayed or judged |
| \`tracks/\` | roads that riders brought for meet-ups | those meet-ups are over |
| \`exports/\` | the judge's files of closed races | they cannot be downloaded again |
| \`keys/\` | the key that signs exported races | new exports are signed by a stranger |
| \`server.pid\` | the process that uses the folder | nothing; it is made again |

What grows, and what ends it:

| What | How fast | Ends |
|---|---|---|
| rides in the database | 78 kB an hour of riding | a guest's after \`GRUPPETTO_GUEST_RIDES_DAYS\` [A56]; an account's with the ride or the account |
| journals | 0.6 MB an hour of a trainer; a room's is one file as long as the server runs | at \`GRUPPETTO_JOURNAL_MB\`; taken away after the same days when nothing that is kept is in it [A57] |
| names and skies beside a journal | 200 bytes for each who joins | with their journal |
| films that were looked at | what is looked at | 512 MB, the oldest first; with their journal |
| roads of riders | a few MB each | \`GRUPPETTO_TRACKS\`; a day after nobody needs them [U59] |
| riders in the database | a row for each who joins | guests of whom nothing is left, after the same days |
| reports | | 2000 open; 30 days after they were dealt with [A50, A51] |
| blocks and mutes | | 200 a person, 200,000 in all; guests' 400 days after they were here [A53, A54] |
| races: results, \`exports/\`, and the journals they are judged by | 1 MB a race and hour of a rider | by your hand: they are kept for ever |

A room's journal is one file from start to stop, so one ride that is kept keeps all of it: a server that runs for months is best stopped and started now and
then. A journal of 50 riders for two hours is 70 MB.

When the disk is full riders ride on. What it does not take stays in memory and is written when there is room: rides [A60], three hours of each, and
64 MB of each journal [A61]; the log says so at once. Who ends a ride is told that it waits. Embedded PostgreSQL starts again by itself. Make
room before you stop the server: what is only in memory goes with it. \`gruppetto_rides_unwritten\` and \`gruppetto_rides_waiting\` in \`/metrics\` count them.

To back it up, stop the server and copy the folder. As root, PostgreSQL runs as user 65534 (nobody), who must be able to enter
every folder above the clone and above the data folder; where that cannot be, the server says so and uses PGlite, which
survives a crash but not surely a power cut.

## Judging

\`gruppetto judge FILE\` rides an exported race again and says \`ok\` when three things hold: everything in the file follows from
its inputs, the signature fits, and the key is one the judge knows. Without the third a file proves nothing: whoever alters an
input can ride the rest again with this same program and sign it anew. Known are this server's own key and those given with
\`--trust KEY\`; the server's log names its key when the house opens (\`judgeKey\`), so publish it where riders trust you. A race
of \`gruppetto sim --race\` needs no key: it must be what its seed gives, to the byte, on a road that this program ships, and is
refused otherwise whoever signed it.

## Logs and numbers

Log lines go to stderr: JSON where something collects them (one line a second for each room), sentences on a terminal.
\`GET /metrics\` answers in Prometheus' text format, and only where both ends of the connection are this machine.
\`GET /health\` answers \`{ "isReady": true, … }\` once riders can come.

## How many riders

\`gruppetto load --riders N --seconds S\` says it of this machine: it starts a server as \`serve\` does and, in another process, N
clients with a UDP socket, a session and legs each. Every client opens, reads and acknowledges every packet; one in twenty
also carries everybody in view tick by tick and is compared with the server once a second, to the last bit. A tick is late
when its last packet left more than 50 ms after the tick was due. \`--sweep\` rides several sizes and draws the curve.

Measured on two shared cores of an AMD EPYC, Node 24.21, riders' processes on the same machine and lower in priority, all of them on one road:

| riders | in view | seals with | for | server | a client a tick | on the wire, down | ticks done: p50, p99, worst | later than 50 ms |
|---|---|---|---|---|---|---|---|---|
| 1500 | 64 | node:crypto | 240 s | 52 % of a core | 17.4 µs | 1.34 kB/s | 19, 29, 70 ms | 0.10 % |
| 2000 | 64 | sodium-native | 25 s | 55 % | 13.8 µs | 1.36 kB/s | 21, 32, 36 ms | none |
| 2500 | 64 | sodium-native | 25 s | 62 % | 12.4 µs | 1.32 kB/s | 29, 55, 100 ms | 1.4 % |
| 1200 | 100 | node:crypto | 45 s | 52 % | 21.8 µs | 1.44 kB/s | 19, 30, 45 ms | none |
| 1000, and 50,000 forged datagrams a second | 64 | sodium-native | 45 s | 42 % | 20.9 µs | 1.34 kB/s | 10, 25, 100 ms | 0.44 % |

What is in each view agreed with the server's to the last bit, but where riders' processes had no time left (2500 and more).

![How many riders this machine carries](pictures/load.svg)

With sodium-native 2000 hold; at 2500 it is the riders' process that fills its core (49 ms of every 50), and at 3000 the server spares
packets [D200]. Where riders' processes were as important as the server, 0.8 % of ticks were late in ten minutes with 1500 (node:crypto,
58 % of a core, 19 µs) and in five with 2000 (sodium-native, 52 %, 13 µs): collections of the riders' garbage take both cores for up to
a tenth of a second.

[D201] \`serve\` keeps the young generation of its Node at 8 MB, so that the collector never stops it for long (\`docs/adr/0024\`): it
begins once more, as the same process, with \`--max-semi-space-size=8\`. Another size in \`NODE_OPTIONS\` or before the file stands. On
Windows start it with \`node --max-semi-space-size=8 gruppetto.mjs serve\`. \`gruppetto_node_flags\` in \`/metrics\` says what holds.

[D200] A room whose ticks are done 40 ms late on average tells each client ten times a second until it has been easy for five
seconds; \`gruppetto_ticks_spared_total\` counts those ticks, and \`/net\` and \`gruppetto watch\` say it to who looks.

A server that is too busy tells of two to four ticks in one packet before it lets riders wait, and reads its sockets between
slices of work. Raise \`ulimit -n\` above the number of riders' sockets where the generator runs. The server's own UDP socket
asks for 4 MiB of receive buffer: where \`net.core.rmem_max\` allows less, \`gruppetto_udp_drops_total\` says what was lost.

| In \`GET /metrics\` | What it tells |
|---|---|
| \`gruppetto_tick_done_ms\` | from when a tick was due until its packets had left, by road |
| \`gruppetto_tick_late_ms\` | from when a tick was due until it began |
| \`gruppetto_tick_world_ms\`, \`gruppetto_tick_packets_ms\` | where a tick's time went |
| \`gruppetto_gc_pause_ms\` | pauses of the collector, by kind |
| \`process_cpu_seconds_total\`, \`gruppetto_memory_bytes\` | what the process costs |
| \`gruppetto_udp_drops_total\` | datagrams that came faster than they were read (Linux) |

## Error codes

Every refusal is \`{ "error": code, "message": one sentence }\`; where one code has several sentences that pages show,
\`reason\` names which (\`server/errors.ts\`).

| Code | Meaning |
|---|---|
${errors.join('\n')}
`
}
