import { createHash } from 'node:crypto'
import { hostname, networkInterfaces } from 'node:os'
import { addressText } from '#bridges/dircon/client'
import { advertise } from '#bridges/dircon/mdns-records'
import { DirconServer } from '#bridges/dircon/server'
import { AntTrainer } from '#bridges/trainer-sim/ant-pages'
import { AntStream } from '#bridges/trainer-sim/ant-stream'
import { type Profile, PROFILES } from '#bridges/trainer-sim/services'
import { speakTacx } from '#bridges/trainer-sim/tacx'
import { SimulatedTrainer, type TrainerOptions } from '#bridges/trainer-sim/trainer'
import { systemClock } from '#server/clock'
import { type Invocation, UsageError } from '../command.ts'

/** One simulated device at its port. */
export interface Device {
  readonly trainer: SimulatedTrainer
  readonly server: DirconServer
  readonly port: number
  close(): Promise<void>
}

const SPOKEN: readonly Profile[] = ['trainer', 'power', 'heart', 'cadence', 'tacx']
/** What the second, third … of --many speaks. */
const MANY: readonly (readonly Profile[])[] = [['power'], ['heart'], ['cadence']]

function profilesOf(invocation: Invocation): readonly Profile[] {
  const said = invocation.text('speaks')
  if (said === undefined) return PROFILES
  return said.split(',').map((word) => {
    const profile = SPOKEN.find((p) => p === word.trim())
    if (profile === undefined) throw new UsageError(`--speaks ${word} is not one of ${SPOKEN.join(', ')}.`)
    return profile
  })
}

/** What is made known on the network is reached from the network. */
export function hostOf(invocation: Pick<Invocation, 'text' | 'flag'>): string {
  const isKnown = invocation.flag('advertise')
  const host = invocation.text('host') ?? (isKnown ? '0.0.0.0' : '127.0.0.1')
  if (isKnown && (host.startsWith('127.') || host === '::1' || host === 'localhost'))
    throw new UsageError(
      `--advertise names it to other machines, which cannot reach ${host}; leave out --host, or name another address.`,
    )
  return host
}

/** The first is the trainer that was asked for; the others are meters, straps and cadence sensors, in turn. */
export async function openDevices(invocation: Invocation, options: TrainerOptions): Promise<readonly Device[]> {
  const count = invocation.number('many', { min: 1, max: 32, isWhole: true }) ?? 1
  const port = invocation.number('port', { min: 0, max: 65_535, isWhole: true }) ?? 0
  const speaks = profilesOf(invocation)
  const devices: Device[] = []
  for (let i = 0; i < count; i++) {
    const own =
      i === 0 ? { ...options, speaks } : { seed: (options.seed ?? 1) + i, speaks: MANY[(i - 1) % MANY.length]! }
    devices.push(await openDevice(invocation, { ...own, port: port === 0 ? 0 : port + i, number: i + 1 }))
  }
  return devices
}

async function openDevice(
  invocation: Invocation,
  options: TrainerOptions & { readonly port: number; readonly number: number },
): Promise<Device> {
  const trainer = new SimulatedTrainer(options)
  if (options.speaks?.includes('tacx') === true) speakTacx(trainer)
  const server = new DirconServer(trainer.peripheral)
  const host = hostOf(invocation)
  const port = await listening((at) => server.listen(at, host), options.port, host)
  const unadvertise = invocation.flag('advertise') ? advertiseAt(invocation, trainer, port, options.number) : undefined
  return {
    trainer,
    server,
    port,
    async close() {
      await unadvertise?.()
      await server.close()
    },
  }
}

/** FE-C and power as serial frames over TCP. */
export async function openAntStream(
  invocation: Invocation,
  trainer: SimulatedTrainer,
): Promise<(() => Promise<void>) | undefined> {
  const asked = invocation.number('ant-tcp', { min: 0, max: 65_535, isWhole: true })
  if (asked === undefined) return undefined
  const stream = new AntStream(trainer, new AntTrainer(trainer), systemClock)
  const host = hostOf(invocation)
  const port = await listening((at) => stream.listen(at, host), asked, host)
  process.stdout.write(`ANT frames at ${addressText({ host, port })}\n`)
  return () => stream.close()
}

async function listening(listen: (port: number) => Promise<number>, port: number, host: string): Promise<number> {
  try {
    return await listen(port)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new UsageError(`--host ${host} is no address of this machine; 0.0.0.0 listens on all of them.`)
    const reason = code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${code ?? 'unknown reason'})`
    throw new UsageError(`port ${port} at ${host} ${reason}; choose another with --port, or --port 0 for a free one.`)
  }
}

function advertiseAt(
  invocation: Invocation,
  trainer: SimulatedTrainer,
  port: number,
  number: number,
): () => Promise<void> {
  const addresses = Object.values(networkInterfaces())
    .flatMap((rows) => rows ?? [])
    .filter((row) => !row.internal && !/^fe[89ab]/i.test(row.address))
    .map((row) => row.address)
  const name = `${invocation.text('name') ?? 'Gruppetto trainer'}${number === 1 ? '' : ` ${number}`}`
  const short = (uuid: string): string => (uuid.startsWith('0000') ? `0x${uuid.slice(4, 8).toUpperCase()}` : uuid)
  const services = trainer.peripheral.services.map((service) => short(service.uuid))
  // The same machine and port, the same trainer; another machine's is another.
  const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 6)
  return advertise({ name, port, addresses, services, serialNumber: `${machine}-${port}` })
}
