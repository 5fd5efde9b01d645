import { readFile } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import type { Verdict, verifyOurs } from './ours.ts'

/** One mistake planted in our own code, and the files of vectors that must then be red. */
interface Mutation {
  readonly name: string
  readonly file: string
  /** Must stand in the file exactly once. */
  readonly from: string
  readonly to: string
  readonly caughtBy: readonly string[]
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'bits land beside their place',
    file: 'protocol/writer.ts',
    from: '(rest << shift)',
    to: '(rest << (shift ^ 1))',
    caughtBy: ['bits'],
  },
  {
    name: 'a reader does not mind bits left over',
    file: 'protocol/reader.ts',
    from: 'return left === 0 || this.#bytes[this.#bytes.length - 1]! >>> (8 - left) === 0',
    to: 'return true',
    caughtBy: ['bits'],
  },
  {
    name: 'of two numbers equally near the smaller is taken',
    file: 'protocol/ack-window.ts',
    from: 'around > expected + 0x8000 &&',
    to: 'around >= expected + 0x8000 &&',
    caughtBy: ['number'],
  },
  {
    name: 'a window one packet shorter',
    file: 'protocol/ack-window.ts',
    from: 'number <= this.#newest - REPLAY_WINDOW_PACKETS) return false',
    to: 'number <= this.#newest - REPLAY_WINDOW_PACKETS + 1) return false',
    caughtBy: ['ack'],
  },
  {
    name: 'values are cut off, not rounded',
    file: 'protocol/fields.ts',
    from: 'const count = Math.round((value - min) / unit)',
    to: 'const count = Math.floor((value - min) / unit)',
    caughtBy: ['fields'],
  },
  {
    name: 'the grid of speed is twice as wide',
    file: 'protocol/rider-state.ts',
    from: 'Math.round(state.speedMps * 16384), 0), 0xfffff) / 16384',
    to: 'Math.round(state.speedMps * 8192), 0), 0xfffff) / 8192',
    caughtBy: ['carry'],
  },
  {
    name: 'a class of mass is a kilogram wider',
    file: 'protocol/rider-state.ts',
    from: "['massKg', 4, 6, 48]",
    to: "['massKg', 4, 7, 48]",
    caughtBy: ['rider-block', 'apply'],
  },
  {
    name: 'gusts are asked for a tick later',
    file: 'physics/wind.ts',
    from: '- meanMps * TICK_S * over.tick',
    to: '- meanMps * TICK_S * (over.tick + 1)',
    caughtBy: ['carry'],
  },
  {
    name: 'forces are added in another order',
    file: 'physics/resistance.ts',
    from: 'gravityN(massKg, slope) +\n    rollingN(massKg, slope, crr) +\n    bearingN(speedMps, bike) +',
    to: 'bearingN(speedMps, bike) +\n    gravityN(massKg, slope) +\n    rollingN(massKg, slope, crr) +',
    caughtBy: ['carry'],
  },
  {
    name: 'a step of Euler instead of Heun',
    file: 'physics/step.ts',
    from: '0.5 * (first + second) * dtS) // Never',
    to: 'first * dtS) // Never',
    caughtBy: ['carry'],
  },
  {
    name: 'brakes are a little weaker',
    file: 'physics/corners.ts',
    from: 'const BRAKE_HARD = 0.55',
    to: 'const BRAKE_HARD = 0.54',
    caughtBy: ['carry'],
  },
  {
    name: 'what bends allow is kept as binary64',
    file: 'physics/corners.ts',
    from: 'this.#limit = new Float32Array(metres + 1)',
    to: 'this.#limit = (new Float64Array(metres + 1) as never as Float32Array)',
    caughtBy: ['road'],
  },
  {
    name: 'over the end of a way a metre is lost',
    file: 'physics/dead-reckoning.ts',
    from: 'course.wayStartM(next) + beyondM - carried.distanceM',
    to: 'course.wayStartM(next) + beyondM - carried.distanceM - 1',
    caughtBy: ['carry'],
  },
  {
    name: 'a place between two ways belongs to the first',
    file: 'maps/course.ts',
    from: 'this.#i = isSameWay || step === i ? i : j',
    to: 'this.#i = i',
    caughtBy: ['road'],
  },
  {
    name: 'two bytes of the nonce change places',
    file: 'server/net/aead.ts',
    from: '  NONCE[4] = low\n  NONCE[5] = low >>> 8\n',
    to: '  NONCE[5] = low\n  NONCE[4] = low >>> 8\n',
    caughtBy: ['sealed', 'key-phases'],
  },
  {
    name: 'the next key is made of another text',
    file: 'server/net/aead.ts',
    from: "const NEXT_KEY = 'gruppetto next key'",
    to: "const NEXT_KEY = 'gruppetto next key\\n'",
    caughtBy: ['key-phases'],
  },
  {
    name: 'the phase is in another bit',
    file: 'protocol/datagram.ts',
    from: 'const PHASE = 0x80',
    to: 'const PHASE = 0x40',
    caughtBy: ['datagram'],
  },
  {
    name: 'a datagram may have a byte more',
    file: 'protocol/datagram.ts',
    from: 'length > DATAGRAM_BYTES_MAX) return',
    to: 'length > DATAGRAM_BYTES_MAX + 1) return',
    caughtBy: ['malformed'],
  },
  {
    name: 'times in a token are written high word first',
    file: 'protocol/writer.ts',
    from: 'this.bits(value % 4294967296, 32)\n    this.bits(Math.floor(value / 4294967296), 32)',
    to: 'this.bits(Math.floor(value / 4294967296), 32)\n    this.bits(value % 4294967296, 32)',
    caughtBy: ['token'],
  },
  {
    name: 'steering is off by one',
    file: 'protocol/input.ts',
    from: "['steer', 8, 254, 127]",
    to: "['steer', 8, 254, 126]",
    caughtBy: ['input', 'up'],
  },
  {
    name: 'a stamp of 2047 ms takes the long form',
    file: 'protocol/input.ts',
    from: 'const STEP_SHORT_MAX_MS = (1 << STEP_SHORT_BITS) - 1',
    to: 'const STEP_SHORT_MAX_MS = (1 << STEP_SHORT_BITS) - 2',
    caughtBy: ['input'],
  },
  {
    name: 'the own place has another unit',
    file: 'protocol/own.ts',
    from: "['placeM', 30, 1 / 512, 0]",
    to: "['placeM', 30, 1 / 1024, 0]",
    caughtBy: ['own'],
  },
  {
    name: 'the code of watts has another order',
    file: 'protocol/rider-record.ts',
    from: '  power: 4,',
    to: '  power: 3,',
    caughtBy: ['rider-block'],
  },
  {
    name: 'gaps between slots have another order',
    file: 'protocol/rider-block.ts',
    from: 'export const GAP_K = 2',
    to: 'export const GAP_K = 1',
    caughtBy: ['rider-block', 'down'],
  },
  {
    name: 'signs fold the other way',
    file: 'protocol/codes.ts',
    from: 'value < 0 ? -2 * value - 1 : 2 * value',
    to: 'value > 0 ? 2 * value - 1 : -2 * value',
    caughtBy: ['golomb', 'rider-block'],
  },
  {
    name: 'a coarse step of place is half as long',
    file: 'protocol/rider-stream.ts',
    from: '{ placeM: 1 / 4, ',
    to: '{ placeM: 1 / 8, ',
    caughtBy: ['apply'],
  },
  {
    name: 'a check leaves out the last shift',
    file: 'protocol/rider-state.ts',
    from: 'return folded ^ (folded >>> 15)',
    to: 'return folded',
    caughtBy: ['apply'],
  },
  {
    name: 'late news is passed over',
    file: 'protocol/follower.ts',
    from: 'else this.#takeLate(record, carry)',
    to: '',
    caughtBy: ['follow'],
  },
  {
    name: 'news of the tick of being told whole counts again',
    file: 'protocol/slots.ts',
    from: 'if (tick <= this.#wholeTick[slot]!) continue',
    to: 'if (tick < this.#wholeTick[slot]!) continue',
    caughtBy: ['slots'],
  },
  {
    name: 'a handshake message is said again twice as late each time',
    file: 'protocol/session.ts',
    from: 'state.waitMs * 1.5',
    to: 'state.waitMs * 2',
    caughtBy: ['session'],
  },
  {
    name: 'a client keeps the answer to a path challenge to itself',
    file: 'protocol/session.ts',
    from: '      this.#path = packet.path\n',
    to: '',
    caughtBy: ['session'],
  },
]

export interface Kill {
  readonly name: string
  readonly isKilled: boolean
  readonly why: string
}

const ROOT = new URL('../../', import.meta.url).href
const QUERY = '?mutation='
/** Loaded with no mistake in it, to see who asks for whom. */
const NO_MUTATION = -1
/** Of each of our modules, who asks for it. */
const askers = new Map<string, Set<string>>()
/** What a mutation reaches: the file with the mistake in it, and whoever asks for such. */
let reached: ReadonlySet<string> = new Set()
let isHooked = false

/** Loads what each mutation reaches once more, with the mistake in it, and says whether the vectors notice. */
export async function killMutations(folder: string, onKill: (kill: Kill) => void): Promise<readonly Kill[]> {
  hook()
  reached = new Set()
  await import(`./ours.ts${QUERY}${NO_MUTATION}`)
  const kills: Kill[] = []
  for (const [index, mutation] of MUTATIONS.entries()) {
    const kill = await tryMutation(folder, index, mutation)
    kills.push(kill)
    onKill(kill)
  }
  return kills
}

async function tryMutation(folder: string, index: number, mutation: Mutation): Promise<Kill> {
  const { name, file, from, caughtBy } = mutation
  const found = (await readFile(new URL(file, ROOT), 'utf8')).split(from).length - 1
  if (found !== 1) return { name, isKilled: false, why: `its text stands ${found} times in ${file}: plant it anew` }
  reached = reachOf(new URL(file, ROOT).href)
  const ours = (await import(`./ours.ts${QUERY}${index}`)) as { verifyOurs: typeof verifyOurs }
  const verdicts = await ours.verifyOurs(folder, caughtBy)
  const unmoved = caughtBy.filter((file) => !isRed(verdicts, file))
  const why = unmoved.length === 0 ? `${caughtBy.join(', ')} red` : `${unmoved.join(', ')} still green`
  return { name, isKilled: unmoved.length === 0, why }
}

const isRed = (verdicts: readonly Verdict[], name: string): boolean =>
  verdicts.some((verdict) => verdict.name === name && verdict.failed > 0)

function reachOf(url: string): ReadonlySet<string> {
  const reach = new Set([url])
  for (const one of reach) for (const asker of askers.get(one) ?? []) reach.add(asker)
  return reach
}

/** A module that was asked for with a mutation asks for those of its imports that the mutation reaches with the same. */
function hook(): void {
  if (isHooked) return
  isHooked = true
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context)
      const [parent = '', index] = (context.parentURL ?? '').split(QUERY)
      const isOurs = resolved.url.startsWith(ROOT) && !resolved.url.includes('/node_modules/')
      if (index === undefined || !isOurs || resolved.url.includes(QUERY)) return resolved
      if (Number(index) === NO_MUTATION) askers.set(resolved.url, (askers.get(resolved.url) ?? new Set()).add(parent))
      else if (!reached.has(resolved.url)) return resolved
      return { ...resolved, url: `${resolved.url}${QUERY}${index}` }
    },
    load(url, context, nextLoad) {
      const index = /\?mutation=(\d+)$/.exec(url)?.[1]
      const loaded = nextLoad(url, context)
      const mutation = index === undefined ? undefined : MUTATIONS[Number(index)]
      if (mutation === undefined || !url.startsWith(`${ROOT}${mutation.file}?`)) return loaded
      return { ...loaded, source: String(loaded.source).replace(mutation.from, () => mutation.to) }
    },
  })
}
