import { machine } from '#bench/machine'
import type { Measured } from '#bench/measured'
import type { Rounds } from '#bench/measure'
import { PARTS as SYNC_PARTS } from '#bench/sync/parts'
import { parseArguments } from './args.ts'
import { report, UsageError, type Command, type Figure, type Invocation, type Report } from './command.ts'
import { loadCommand } from './list.ts'

/** What can be measured, in the order of `all`. Each is loaded only when it is asked for. */
const PARTS: Readonly<Record<string, (rounds: Rounds) => Promise<Measured>>> = {
  world: async (rounds) => (await import('#bench/world')).benchWorld(rounds),
  physics: async (rounds) => (await import('#bench/physics')).benchPhysics(rounds),
  zone: async (rounds) => (await import('#bench/zone')).benchZone(rounds),
  net: async (rounds) => (await import('#bench/net')).benchNet(rounds),
  own: async (rounds) => (await import('#bench/own')).benchOwn(rounds),
  sample: async (rounds) => (await import('#bench/sample')).benchSample(rounds),
  memory: async (rounds) => (await import('#bench/memory')).benchMemory(rounds),
  join: async (rounds) => (await import('#bench/join')).benchJoin(rounds),
  replay: async (rounds) => (await import('#bench/replay')).benchReplay(rounds),
  written: async (rounds) => (await import('#bench/written')).benchWritten(rounds),
  film: async (rounds) => (await import('#bench/film')).benchFilm(rounds),
  trainers: async (rounds) => {
    const { browserRows } = await import('./bench-bluetooth.ts')
    return (await import('#bench/trainers/trainers')).benchTrainers(rounds, browserRows)
  },
}
/** Minutes, so not in `all`. */
const LONG: ReadonlySet<string> = new Set(['trainers'])
/** Commands of their own: `cli/bench-<name>.ts`. */
const APART: readonly string[] = ['gateway', 'client']
const WARM_UPS = 2
const ROUNDS = 9

export const command: Command = {
  name: 'bench',
  summary: 'measure: riders per tick, bytes per client, joining, replaying, the first frame',
  positionals: ['WHAT?'],
  options: [
    { name: 'rounds', value: 'N', summary: 'rounds that count, taken in turns: 9, of sync 5 unless said' },
    { name: 'only', value: 'PART', summary: 'of sync and client: only this part', repeated: true },
    { name: 'hostile', value: 'N', summary: 'of sync: how many hostile datagrams' },
    { name: 'picture', value: 'FOLDER', summary: 'of sync: write the plot of rate against error there' },
  ],
  details: `WHAT is one of:
  world    ns per rider and tick with 100, 1000 and 5000 riders
  physics  milliseconds a tick by size of field, alone on the road and in one bunch
  zone     milliseconds a tick of a full free-ride zone, rigid bodies and all
  net      microseconds and bytes per client and tick, 64 riders in view
  own      what riders' own pictures are corrected by, in a bunch behind a bad line
  sample   from a sample's leaving to the tick that uses it, over UDP on loopback
  memory   bytes that a connection over UDP takes in the server
  join     from a token to the first riders seen, over UDP on loopback
  replay   speed of a journal ridden again, over real time
  written  what recorder, journal and reel cost the ticks, 300 riders; share of a tick
  film     from asking for a second of a ride of two hours to its film, by a server that was just started
  gateway  what a browser on WebRTC costs the gateway, in CPU and memory
  client   the page: first moving frame, weight, draws, script per frame, memory; its parts, for --only: weight, frame,
           load, picture, script, allocation, leaks, heap, hud, replay
  all      all of these (the default)
  trainers from a trainer's word to the datagram, back after it was killed, CPU of twelve sensors; minutes, so not in "all"
  sync     what others cost on the wire and how true they look, beside other people's ways; minutes, so not in "all".
           Its parts, for --only: ${Object.keys(SYNC_PARTS).join(', ')}

Numbers are medians of rounds that the cases take in turns, after a warm-up; .min and .max stand beside them. Other work on
the machine makes them worse, never better: close what you can, and compare only numbers of one run.`,
  async run(invocation) {
    const what = invocation.positionals[0] ?? 'all'
    if (what === 'sync') return benchSync(invocation)
    const names = what === 'all' ? [...Object.keys(PARTS).filter((name) => !LONG.has(name)), ...APART] : [what]
    for (const name of names) {
      if (PARTS[name] === undefined && !APART.includes(name)) {
        throw new UsageError(
          `"bench" measures ${Object.keys(PARTS).join(', ')}, ${APART.join(', ')}, sync or all, not "${name}"`,
        )
      }
    }
    const { cpu, cores, memoryGiB, system, node } = machine()
    const figures: Record<string, Figure> = {
      machine: { value: `${cpu}, ${cores} cores, ${memoryGiB} GiB; ${system}; Node ${node}`, unit: '' },
    }
    const failures: string[] = []
    for (const name of names) {
      const part = APART.includes(name) ? await benchApart(name, invocation) : await benchPart(name, invocation)
      Object.assign(figures, part.figures)
      failures.push(...part.failures)
    }
    return report(figures, failures)
  },
}

async function benchPart(name: string, invocation: Invocation): Promise<Report> {
  const rounds = invocation.number('rounds', { min: 1, max: 1000, isWhole: true }) ?? ROUNDS
  const { method, figures } = await PARTS[name]!({
    rounds,
    warmUps: WARM_UPS,
    onRound: (done, total, of) => invocation.progress(done, total, `${name}: ${of}`),
  })
  invocation.say(`${name}: ${method}\n`)
  // A table has said it above; a program that reads the figures wants it among them.
  return report(invocation.isJson ? { [`${name}.method`]: { value: method, unit: '' }, ...figures } : { ...figures })
}

/** Browser and gateway are driven by commands of their own; of this one's line the client takes the parts that are wanted. */
async function benchApart(name: string, invocation: Invocation): Promise<Report> {
  const command = await loadCommand(`bench-${name}`)
  const words = name === 'client' ? invocation.all('only').flatMap((part) => ['--only', part]) : []
  const answer = await command.run({
    ...invocation,
    ...parseArguments(command, invocation.isJson ? [...words, '--json'] : words),
  })
  return typeof answer === 'number' ? report({}, answer === 0 ? [] : [`the ${name} bench did not finish`]) : answer
}

async function benchSync(invocation: Invocation): Promise<Report | number> {
  const sync = await loadCommand('bench-sync')
  const words = ['rounds', 'only', 'hostile', 'picture'].flatMap((name) =>
    invocation.all(name).flatMap((value) => [`--${name}`, value]),
  )
  return sync.run({ ...invocation, ...parseArguments(sync, invocation.isJson ? [...words, '--json'] : words) })
}
