import type { Decoded } from '../decoded.ts'
import { COMMON_PAGES } from './common.ts'
import { decodePage, encodePage, type Page, type PageLayout, pageTable } from './page.ts'

/**
 * ANT+ controls, device type 16. What is controlled is the master and broadcasts page 2; the remote on the handlebar
 * sends its commands as acknowledged data on page 73, and the master keeps page 71 ready for who asks.
 */
export const CONTROLS_TYPE = 16
export const CONTROLS_PERIOD = 8192

export const CONTROLS_PAGES = [
  {
    page: 2,
    fill: 0,
    fields: [
      { name: 'notifications', at: 1, kind: 'u8' },
      { name: 'takesAudio', at: 7, kind: 'u8', bits: 1 },
      { name: 'takesKeys', at: 7, kind: 'u8', shift: 3, bits: 1 },
      { name: 'takesGeneric', at: 7, kind: 'u8', shift: 4, bits: 1 },
      { name: 'takesVideo', at: 7, kind: 'u8', shift: 5, bits: 1 },
      { name: 'takesBursts', at: 7, kind: 'u8', shift: 6, bits: 1 },
    ],
  },
  {
    page: 73,
    fill: 0xff,
    fields: [
      { name: 'remoteSerial', at: 1, kind: 'u16', none: 0xffff },
      { name: 'remoteManufacturer', at: 3, kind: 'u16', none: 0xffff },
      /** Counts commands: the same one again is a repetition. */
      { name: 'sequence', at: 5, kind: 'u8' },
      { name: 'command', at: 6, kind: 'u16', none: 0xffff },
    ],
  },
  ...COMMON_PAGES,
] as const satisfies readonly PageLayout[]

const TABLE = pageTable(CONTROLS_PAGES)

export type ControlsPage = Page<typeof CONTROLS_PAGES>
export const decodeControls = (bytes: Uint8Array): Decoded<ControlsPage> => decodePage(TABLE, bytes)
export const encodeControls = (page: ControlsPage): Uint8Array => encodePage(TABLE, page)

/** Commands of page 73; from 0x8000 on they are the maker's own. */
export const CONTROL_COMMANDS = {
  up: 0,
  down: 1,
  select: 2,
  back: 3,
  home: 4,
  start: 32,
  stop: 33,
  reset: 34,
  length: 35,
  lap: 36,
} as const
export type ControlCommand = keyof typeof CONTROL_COMMANDS
const CUSTOM_FROM = 0x8000

/** What was pressed, by name; `custom` is the maker's own, undefined a number with no meaning. */
export function controlCommand(command: number | undefined): ControlCommand | 'custom' | undefined {
  if (command === undefined) return undefined
  if (command >= CUSTOM_FROM) return 'custom'
  const found = Object.entries(CONTROL_COMMANDS).find(([, code]) => code === command)
  return found === undefined ? undefined : (found[0] as ControlCommand)
}
