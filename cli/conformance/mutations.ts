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
    name: 'bits are written most significant first',
    file: 'protocol/writer.ts',
    from: '|= (rest & mask) << at',
    to: '|= (rest & mask) << (8 - take - at)',
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
    caughtBy: ['carry'],
  },
  {
    name: 'the unit of speed is twice as large',
    file: 'protocol/rider-state.ts',
    from: "['speedMps', 20, 1 / 16384, 0]",
    to: "['speedMps', 20, 1 / 8192, 0]",
    caughtBy: ['carry'],
  },
  {
    name: 'gusts are asked for a tick later',
    file: 'physics/wind.ts',
    from: '- meanMps * TICK_S * tick',
    to: '- meanMps * TICK_S * (tick + 1)',
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
]

export interface Kill {
  readonly name: string
  readonly isKilled: boolean
  readonly why: string
}

const ROOT = new URL('../../', import.meta.url).href
const QUERY = '?mutation='
let isHooked = false

/** Loads our code once more for each mutation, with the mistake in it, and says whether the vectors notice. */
export async function killMutations(folder: string, onKill: (kill: Kill) => void): Promise<readonly Kill[]> {
  hook()
  const kills: Kill[] = []
  for (const [index, mutation] of MUTATIONS.entries()) {
    const kill = await tryMutation(folder, index, mutation)
    kills.push(kill)
    onKill(kill)
  }
  return kills
}

async function tryMutation(folder: string, index: number, { name, caughtBy }: Mutation): Promise<Kill> {
  const ours = (await import(`./ours.ts${QUERY}${index}`)) as { verifyOurs: typeof verifyOurs }
  const verdicts = await ours.verifyOurs(folder, caughtBy)
  const unmoved = caughtBy.filter((file) => !isRed(verdicts, file))
  const why = unmoved.length === 0 ? `${caughtBy.join(', ')} red` : `${unmoved.join(', ')} still green`
  return { name, isKilled: unmoved.length === 0, why }
}

const isRed = (verdicts: readonly Verdict[], name: string): boolean =>
  verdicts.some((verdict) => verdict.name === name && verdict.failed > 0)

/** A module that was asked for with a mutation asks for its own imports with the same. */
function hook(): void {
  if (isHooked) return
  isHooked = true
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context)
      const query = /\?mutation=\d+$/.exec(context.parentURL ?? '')?.[0]
      const isOurs = resolved.url.startsWith(ROOT) && !resolved.url.includes('/node_modules/')
      if (query === undefined || !isOurs || resolved.url.includes(QUERY)) return resolved
      return { ...resolved, url: resolved.url + query }
    },
    load(url, context, nextLoad) {
      const index = /\?mutation=(\d+)$/.exec(url)?.[1]
      const loaded = nextLoad(url, context)
      const mutation = index === undefined ? undefined : MUTATIONS[Number(index)]
      if (mutation === undefined || !url.startsWith(`${ROOT}${mutation.file}?`)) return loaded
      return { ...loaded, source: mutated(String(loaded.source), mutation) }
    },
  })
}

function mutated(source: string, { name, file, from, to }: Mutation): string {
  const parts = source.split(from)
  if (parts.length !== 2) throw new Error(`mutation "${name}": its text stands ${parts.length - 1} times in ${file}`)
  return parts.join(to)
}
