import type { DeviceLink } from '#bridges/core/devices'
import { Legs, LEGS_TICK_MS } from '#bridges/core/legs'
import type { ControlRequest } from '#bridges/core/profiles/control-point'
import type { LegsModel } from '#bridges/trainer-sim/legs-models'
import { ModelLink, type ModelLinkOptions } from '#bridges/trainer-sim/model-link'
import type { TrainerState } from '#bridges/trainer-sim/trainer-model'

export interface Written {
  readonly request: ControlRequest
  readonly atMs: number
}

export interface BenchOptions extends Omit<ModelLinkOptions, 'legs'> {
  readonly legs: LegsModel
  readonly difficulty?: number
  readonly hasMeter?: boolean
  /** The trainer says it can less than it can. */
  readonly without?: readonly ('simulation' | 'power' | 'resistance' | 'spinDown')[]
}

const STEP_MS = 10

/** Legs' law against the simulated trainer and its rider, in virtual time: ten milliseconds a step, the legs' beat every fifty. */
export function legsBench(options: BenchOptions) {
  const model = new ModelLink(options)
  const written: Written[] = []
  const words: string[] = []
  const legs: Legs = new Legs({
    difficulty: options.difficulty ?? 1,
    onReading: (_, atMs) => {
      while (legs.take(atMs) !== undefined); // Nobody listens.
    },
    onWords: (sentence) => words.push(sentence),
  })
  let nowMs = 0
  let state = model.model.report()
  const port = model.link.trainer!
  const without = Object.fromEntries((options.without ?? []).map((name) => [name, false]))
  const link: DeviceLink = {
    ...model.link,
    trainer: {
      abilities: { ...port.abilities, ...without },
      send(request) {
        written.push({ request, atMs: nowMs })
        port.send(request)
      },
    },
  }
  legs.add(link, 0)
  if (options.hasMeter === true) legs.add(model.meter, 0)
  return {
    legs,
    model,
    link,
    written,
    words,
    get nowMs() {
      return nowMs
    },
    get state(): TrainerState {
      return state
    },
    run(durationS: number, each: (state: TrainerState, atMs: number) => void = () => {}) {
      const endMs = nowMs + durationS * 1000
      while (nowMs < endMs - 1e-6) {
        state = model.step(STEP_MS / 1000)
        nowMs = Math.round(nowMs + STEP_MS)
        each(state, nowMs)
        if (nowMs % LEGS_TICK_MS === 0) legs.tick(nowMs)
      }
    },
    targets: () =>
      written.flatMap(({ request, atMs }) =>
        request.op === 'set-target-power' ? [{ powerW: request.powerW, atMs }] : [],
      ),
    roads: () =>
      written.flatMap(({ request, atMs }) => (request.op === 'set-simulation' ? [{ ...request, atMs }] : [])),
  }
}
