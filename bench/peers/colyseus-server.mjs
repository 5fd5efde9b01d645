// A process of its own: a live Colyseus room on WebSocket, riders from the trace, each client with a view of its own.
import { pathToFileURL } from 'node:url'
import { Room, Server } from '@colyseus/core'
import { Encoder, StateView } from '@colyseus/schema'
import { WebSocketTransport } from '@colyseus/ws-transport'
import { FIELD_COUNT, versionOf } from './fields.mjs'
import { defineState, setRider } from './schema.mjs'

const { host, port, seconds, share, sources } = await new Promise((resolve) => {
  process.once('message', resolve)
})
const load = (name) => import(pathToFileURL(`${sources}/${name}.ts`).href)
const [{ makeTrace }, { Playback }, { fillPeerValues }, { Views, VIEW_TICKS }] = await Promise.all(
  ['trace', 'playback', 'peers', 'views'].map(load),
)
const TICK_MS = 50

Encoder.BUFFER_SIZE = 32 << 20
const trace = makeTrace({ variant: 'hard', seconds, share, stages: ['bunch'] })
const playback = new Playback(trace.stages[0])
const { count } = playback.riders
const values = new Int32Array(count * FIELD_COUNT)
const { Rider, State } = defineState()
const views = new Views(playback, count)
const clients = []
let worldMs = 0
let ticks = 0

class Ride extends Room {
  riders = []
  onCreate() {
    this.autoDispose = false
    this.maxClients = count
    this.patchRate = TICK_MS
    this.state = new State()
    for (let row = 0; row < count; row++) {
      const rider = new Rider()
      this.riders.push(rider)
      this.state.riders.set(String(row), rider)
    }
    this.setSimulationInterval(() => this.step(), TICK_MS)
  }
  step() {
    const startedMs = performance.now()
    ticks++
    if (!playback.isOver) playback.step()
    fillPeerValues(playback, values)
    // What of this a world would do anyway is not the server's cost of telling: it is taken off below.
    const wanted = clients.map((client, i) => ((ticks + i) % VIEW_TICKS === 0 ? views.look(i, client.row) : undefined))
    worldMs += performance.now() - startedMs
    this.state.tick = playback.tick & 0xffff
    for (let row = 0; row < count; row++) setRider(this.riders[row], values, row)
    for (const [i, rows] of wanted.entries()) if (rows !== undefined) this.show(clients[i], rows)
  }
  show(client, rows) {
    const next = new Set(rows)
    for (const row of client.shown) if (!next.has(row)) client.view.remove(this.riders[row])
    for (const row of rows) if (!client.shown.has(row)) client.view.add(this.riders[row])
    client.shown = next
  }
  onJoin(client) {
    client.view = new StateView()
    client.row = clients.length
    client.shown = new Set()
    clients.push(client)
    this.show(client, views.look(client.row, client.row))
  }
}

const server = new Server({ transport: new WebSocketTransport({}), greet: false })
server.define('ride', Ride)
await server.listen(port, host)
process.send({ ready: true, count, version: `Colyseus ${versionOf('@colyseus/core')}` })
process.on('message', (message) => void measure(message))

async function measure({ measureS }) {
  const bytes = () => clients.reduce((sum, { ref }) => sum + (ref?._socket?.bytesWritten ?? 0), 0)
  const before = { bytes: bytes(), cpu: process.cpuUsage(), worldMs, ticks }
  await new Promise((resolve) => setTimeout(resolve, measureS * 1000))
  const { user, system } = process.cpuUsage(before.cpu)
  process.send({
    clients: clients.length,
    ticks: ticks - before.ticks,
    cpuMs: (user + system) / 1000,
    worldMs: worldMs - before.worldMs,
    bytes: bytes() - before.bytes,
    inView: clients.reduce((sum, { shown }) => sum + shown.size, 0) / clients.length,
  })
}
