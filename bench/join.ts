import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { TICK_MS } from '#protocol/limits'
import { ClientSession } from '#protocol/session'
import { systemClock } from '#server/clock'
import { createSealer } from '#server/net/aead'
import { openUdp } from '#server/net/udp'
import { Ride } from '#server/room/ride'
import { measure, type Rounds } from './measure.ts'
import { spreadFigures, type Measured } from './measured.ts'
import { benchRoad } from './road.ts'

const HOST = '127.0.0.1'
const RIDERS = 64
const POLL_MS = 5
const PATIENCE_MS = 5000

/** From asking for a token to knowing the riders around, over real sockets and in real time. */
export async function benchJoin(rounds: Rounds): Promise<Measured> {
  const { map, mapHash, course, spawnM } = benchRoad()
  const ride = new Ride({
    clock: systemClock,
    randomBytes: (count) => randomBytes(count),
    tokenKey: randomBytes(32),
    roomId: 'bench',
    mapId: map.id,
    mapHash,
    course,
    spawnM,
    seed: 1,
    riderCapacity: RIDERS + rounds.rounds + rounds.warmUps,
    leaveAfterS: 3600,
  })
  for (let i = 0; i < RIDERS; i++) {
    ride.addBot({ name: `Bot ${i}`, massKg: 75, heightM: 1.8, wattsPerKg: 2.5 }, { distanceM: 4000 - i * 3 })
  }
  const udp = await openUdp({ host: HOST, port: 0, sink: ride.sessions })
  ride.start()
  try {
    let joins = 0
    const run = async () => {
      // Each join at another moment of the tick; left alone, they would all begin right behind one.
      await new Promise((resolve) => setTimeout(resolve, (joins++ * 0.618 * TICK_MS) % TICK_MS))
      return joinOnce(ride, udp.port)
    }
    const [joined] = await measure([{ name: 'one rider joins', run }], rounds)
    return {
      method:
        `A rider joins a room of ${RIDERS} at its 20 Hz: token, address proven by a cookie, sealed session, until the first ` +
        'riders arrive. UDP over loopback, both ends in this process. Part of it is waiting for the next tick, up to 50 ms.',
      figures: spreadFigures('join.tokenToFirstRiders', joined!, 'ms'),
    }
  } finally {
    ride.stop()
    await udp.close()
  }
}

async function joinOnce(ride: Ride, port: number): Promise<number> {
  const { riderId } = ride.join({ name: 'Ana', massKg: 62, heightM: 1.7 }, { distanceM: 3900 })
  const socket = createSocket('udp4')
  socket.connect(port, HOST)
  await once(socket, 'connect')
  const startedMs = performance.now()
  const { token, keys } = ride.sessions.issueToken({ riderId, use: 'ride' })
  const sealer = createSealer({ sealKey: keys.up, openKey: keys.down })
  const nowMs = performance.now()
  const session = new ClientSession({ token, sealer, path: 'udp', randomBytes: (n) => randomBytes(n), nowMs })
  const poll = (): void => {
    const now = performance.now()
    for (let bytes = session.poll(now); bytes !== undefined; bytes = session.poll(now)) socket.send(bytes)
  }
  const polling = setInterval(poll, POLL_MS)
  try {
    return await new Promise<number>((resolve, reject) => {
      setTimeout(() => reject(new Error('nobody was seen within five seconds')), PATIENCE_MS).unref()
      socket.on('message', (bytes) => {
        for (const event of session.receive(bytes, performance.now())) {
          if (event.kind === 'riders' && event.records.length > 0) resolve(performance.now() - startedMs)
        }
        poll()
      })
      poll()
    })
  } finally {
    clearInterval(polling)
    session.close()
    poll()
    socket.close()
  }
}
