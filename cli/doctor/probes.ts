import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { homedir, networkInterfaces } from 'node:os'
import { probeAnt } from '#bridges/ant/faults'
import { loadAntDriver } from '#bridges/ant/usb'
import { type BleFault, powerFault } from '#bridges/ble/faults'
import { openRadio, thisHost } from '#bridges/ble/main'
import { findTrainers } from '#bridges/dircon/discovery'
import { DIRCON_TYPE, DirconFramer, encodeDirconFrame, UUID_BYTES, uuidFromBytes } from '#bridges/dircon/frame'
import { FileMemory, type KnownDevice } from '#bridges/rider-memory'
import { systemClock } from '#server/clock'
import { hasRadio } from '../bridge/has-radio.ts'
import { findBrowser, thisMachine } from '../ride/window.ts'
import { lookAtAir } from './air.ts'
import type { DeviceLook, NetworkLook, TrainerLook } from './devices.ts'

const FIND_MS = 2000
const HEAR_MS = 500
const CONNECT_MS = 1500
const ANSWER_MS = 1500
const MDNS = { group: '224.0.0.251', port: 5353 }

export interface LookOptions {
  readonly stateFile: string
  readonly pageOrigin: string | undefined
}

/** Looks at everything between a rider and their devices; changes nothing, and lets go of what it opened. */
export async function lookAtDevices({ stateFile, pageOrigin }: LookOptions): Promise<DeviceLook> {
  const known = await new FileMemory(stateFile).devices()
  const [network, trainers, radio] = await Promise.all([lookAtNetwork(), lookAtTrainers(known), lookAtRadio(known)])
  return {
    ...{ platform: process.platform, network, trainers, ...radio, known, pageOrigin },
    ant: probeAnt(process.env, loadAntDriver()),
    browser: { path: findBrowser(thisMachine(homedir())) },
  }
}

async function lookAtRadio(known: readonly KnownDevice[]): Promise<Pick<DeviceLook, 'radio' | 'air'>> {
  if (!(await hasRadio())) return { radio: listed(powerFault('no-adapter', thisHost())), air: [] }
  const opened = await openRadio()
  if (!opened.ok) return { radio: [opened.fault], air: [] }
  const { adapter } = opened
  const radio = listed(powerFault(adapter.power, thisHost()))
  const air = await lookAtAir(adapter, known, systemClock)
  await adapter.close().catch(() => {}) // It was only looked at.
  return { radio, air }
}

const listed = (fault: BleFault | undefined): readonly BleFault[] => (fault === undefined ? [] : [fault])

async function lookAtNetwork(): Promise<NetworkLook> {
  const addresses = Object.values(networkInterfaces())
    .flatMap((rows) => rows ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
  return { addresses, multicast: addresses.length === 0 ? 'deaf' : await hearOneself() }
}

/** A question to the group of mDNS, of a name that nobody has: who joined hears it, oneself included. */
function hearOneself(): Promise<NetworkLook['multicast']> {
  const name = `gruppetto-${process.pid}`
  // RFC 1035 §4.1: a header with one question; the name, type PTR, class IN.
  const question = Buffer.concat([
    Buffer.from([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, name.length]),
    Buffer.from(name),
    Buffer.from([5, ...Buffer.from('local'), 0, 0, 12, 0, 1]),
  ])
  return new Promise((resolve) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true })
    const end = (answer: NetworkLook['multicast']): void => {
      clearTimeout(timer)
      socket.removeAllListeners('message')
      socket.on('error', () => {}) // It has said what it had to.
      socket.close()
      resolve(answer)
    }
    const timer = setTimeout(() => end('deaf'), HEAR_MS)
    socket.once('error', (error: NodeJS.ErrnoException) => end({ error: error.code ?? error.message }))
    socket.on('message', (datagram) => {
      if (datagram.includes(name)) end('heard')
    })
    socket.bind(MDNS.port, () => {
      try {
        socket.addMembership(MDNS.group)
        socket.setMulticastLoopback(true)
        socket.send(question, MDNS.port, MDNS.group)
      } catch (error) {
        end({ error: (error as NodeJS.ErrnoException).code ?? String(error) })
      }
    })
  })
}

async function lookAtTrainers(known: readonly KnownDevice[]): Promise<readonly TrainerLook[]> {
  const found = await findTrainers(systemClock, FIND_MS).catch(() => [])
  const wanted = found.map(({ id, name, host, port }) => ({ id, name, host, port, isAnnounced: true }))
  for (const { id, name, host, port, isTrainer } of known)
    if (isTrainer && host !== undefined && port !== undefined && wanted.every((each) => each.id !== id))
      wanted.push({ id, name, host, port, isAnnounced: false })
  return await Promise.all(
    wanted.map(async ({ name, host, port, isAnnounced }) => ({
      ...{ name, host, port, isAnnounced },
      ...(await askTrainer(host, port)),
    })),
  )
}

/** Connects, asks which services there are, and hangs up. */
export function askTrainer(host: string, port: number): Promise<Pick<TrainerLook, 'answer' | 'services'>> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const framer = new DirconFramer()
    let hasConnected = false
    const end = (answer: TrainerLook['answer'], services: readonly string[] = []): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ answer, services })
    }
    let timer = setTimeout(() => end('silent'), CONNECT_MS)
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (hasConnected) end('closed')
      else end(code === 'ECONNREFUSED' ? 'refused' : 'silent')
    })
    socket.on('close', () => end('closed'))
    socket.on('connect', () => {
      hasConnected = true
      clearTimeout(timer)
      timer = setTimeout(() => end('mute'), ANSWER_MS)
      socket.write(encodeDirconFrame({ type: DIRCON_TYPE.services, sequence: 1, result: 0, body: new Uint8Array(0) }))
    })
    socket.on('data', (chunk) => {
      const frame = framer.push(chunk).find(({ type }) => type === DIRCON_TYPE.services)
      if (frame === undefined) return
      const count = Math.floor(frame.body.length / UUID_BYTES)
      end(
        'speaks',
        Array.from({ length: count }, (_, index) => uuidFromBytes(frame.body, index * UUID_BYTES)),
      )
    })
  })
}
