import type { LegsCommand, LegsState, Level, Quantity, TrainerMode } from './core/devices.ts'

/** All that a person sees of a running bridge: the terminal and the local page show this. Plain data. */
export interface BridgeState {
  readonly legs: LegsState
  /** undefined: not known yet, or no server at all. */
  readonly riderName?: string | undefined
  readonly server: { readonly level: Level; readonly words: string }
  /** What was said last, oldest first; a few. */
  readonly said: readonly string[]
}

/** Whoever runs the legs: takes what a rider asks, answers a sentence when that cannot be. */
export interface BridgeDesk {
  state(): BridgeState
  command(command: LegsCommand): string | undefined
  /** Where to see oneself ride: an address good once, so that it is asked for when somebody looks. */
  watchUrl(): Promise<string | undefined>
}

const MODES: readonly TrainerMode[] = ['sim', 'erg', 'resistance', 'free']
const QUANTITIES: readonly Quantity[] = ['powerW', 'cadenceRpm', 'heartRateBpm']
/** Ids are a carrier, an address and a number. */
const ID_CHARS_MAX = 200

export type CommandRead =
  | { readonly ok: true; readonly command: LegsCommand }
  | { readonly ok: false; readonly sentence: string }

/** What a page sent, as a command; numbers out of range are for the legs to clamp, but numbers they must be. */
export function readCommand(value: unknown): CommandRead {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return no('A command is an object.')
  const it = value as Readonly<Record<string, unknown>>
  switch (it['ask']) {
    case 'mode': {
      const mode = MODES.find((one) => one === it['mode'])
      return mode === undefined ? no(`"mode" is one of ${MODES.join(', ')}.`) : yes({ ask: 'mode', mode })
    }
    case 'target':
      return isNumber(it['targetW']) ? yes({ ask: 'target', targetW: it['targetW'] }) : no('"targetW" is a number.')
    case 'resistance':
    case 'difficulty':
      return isNumber(it['share'])
        ? yes({ ask: it['ask'], share: it['share'] })
        : no('"share" is a number from 0 to 1.')
    case 'shift':
      return isNumber(it['by']) ? yes({ ask: 'shift', by: it['by'] }) : no('"by" is a number of gears.')
    case 'gears':
      return typeof it['isOn'] === 'boolean' ? yes({ ask: 'gears', isOn: it['isOn'] }) : no('"isOn" is true or false.')
    case 'source': {
      const quantity = QUANTITIES.find((one) => one === it['quantity'])
      if (quantity === undefined) return no(`"quantity" is one of ${QUANTITIES.join(', ')}.`)
      const { deviceId } = it
      if (deviceId === undefined || deviceId === null) return yes({ ask: 'source', quantity })
      return isId(deviceId) ? yes({ ask: 'source', quantity, deviceId }) : no('"deviceId" is the id of a device.')
    }
    case 'calibrate':
    case 'forget':
      return isId(it['deviceId'])
        ? yes({ ask: it['ask'], deviceId: it['deviceId'] })
        : no('"deviceId" is the id of a device.')
    case 'stop-calibrating':
      return yes({ ask: 'stop-calibrating' })
    default:
      return no('"ask" is no command known here.')
  }
}

const yes = (command: LegsCommand): CommandRead => ({ ok: true, command })
const no = (sentence: string): CommandRead => ({ ok: false, sentence })
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= ID_CHARS_MAX
