import { fromHex } from '../core/bytes.ts'
import { type StickTrouble, troubleOf } from './stick.ts'
import { antDevices, type AntDriver, placeOf, productOf } from './usb.ts'

const ANT_KEY_VARIABLE = 'GRUPPETTO_ANT_KEY'
const KEY_BYTES = 8

/** What keeps ANT+ from working, with its exact remedy. */
export interface AntFault {
  readonly code: 'no-package' | 'no-key' | 'bad-key' | 'no-stick' | Exclude<StickTrouble, 'gone'>
  /** What is so; a sentence. */
  readonly words: string
  /** What to do about it. */
  readonly remedy: string
}

/** What was looked at. Holds no key: only whether there is one, and how long it is. */
export interface AntProbe {
  readonly platform: NodeJS.Platform
  readonly hasPackage: boolean
  readonly key: 'right' | 'missing' | { readonly characters: number; readonly isHex: boolean }
  readonly sticks: readonly {
    readonly place: string
    readonly product: string
    readonly trouble: StickTrouble | undefined
  }[]
}

/** Lets whoever sits at the machine use the sticks; has to come before 73-seat-late.rules. */
const UDEV_FILE = '/etc/udev/rules.d/60-ant.rules'
export const UDEV_RULE =
  'SUBSYSTEM=="usb", ATTR{idVendor}=="0fcf", ATTR{idProduct}=="1008|1009", MODE="0660", TAG+="uaccess"'

export type AntKey =
  | { readonly ok: true; readonly key: Uint8Array }
  | { readonly ok: false; readonly state: AntProbe['key'] }

export function readAntKey(environment: Readonly<Record<string, string | undefined>>): AntKey {
  const given = environment[ANT_KEY_VARIABLE]?.trim() ?? ''
  if (given === '') return { ok: false, state: 'missing' }
  const key = fromHex(given)
  if (key?.length === KEY_BYTES) return { ok: true, key }
  return { ok: false, state: { characters: given.length, isHex: key !== undefined || /^[0-9a-f]*$/i.test(given) } }
}

/** Tries the key, the package and each stick; leaves the sticks closed. One that is in use by this process is "busy". */
export function probeAnt(
  environment: Readonly<Record<string, string | undefined>>,
  driver: AntDriver | undefined,
  platform: NodeJS.Platform = process.platform,
): AntProbe {
  const key = readAntKey(environment)
  const devices = driver === undefined ? [] : antDevices(driver.bus)
  return {
    platform,
    hasPackage: driver !== undefined,
    key: key.ok ? 'right' : key.state,
    sticks: devices.map((device) => ({
      ...{ place: placeOf(device), product: productOf(device), trouble: troubleOf(device) },
    })),
  }
}

/** Faults in the order in which a person would meet them. One usable stick is enough: what ails others is left out. */
export function antFaults({ platform, hasPackage, key, sticks }: AntProbe): readonly AntFault[] {
  const faults: AntFault[] = []
  if (!hasPackage)
    faults.push({
      code: 'no-package',
      words: 'ANT+ needs the optional package ant-plus, which is not installed here.',
      remedy: 'npm install ant-plus@0.2.0, or use --dircon.',
    })
  else if (sticks.length === 0)
    faults.push({
      code: 'no-stick',
      words: 'No ANT+ stick is plugged in (USB 0fcf:1008 or 0fcf:1009).',
      remedy: 'Plug one in; a trainer with Bluetooth or a network needs none (--ble, --dircon find).',
    })
  else if (sticks.every(({ trouble }) => trouble !== undefined)) {
    const { place, product, trouble } = sticks[0]!
    faults.push(stickFault(trouble!, `An ANT+ stick is there (0fcf:${product} at ${place})`, platform))
  }
  if (key === 'missing')
    faults.push({
      code: 'no-key',
      words: `ANT+ needs its network key in ${ANT_KEY_VARIABLE} (16 hex digits).`,
      remedy: `It is free for members of thisisant.com and not ours to give away: export ${ANT_KEY_VARIABLE}=… before starting.`,
    })
  else if (key !== 'right')
    faults.push({
      code: 'bad-key',
      words: `${ANT_KEY_VARIABLE} must be 16 hex digits; it has ${key.characters} characters${key.isHex ? '' : ', and some are no hex digits'}.`,
      remedy: 'Copy it again: digits and the letters a to f, without spaces, quotes or 0x.',
    })
  return faults
}

export function stickFault(trouble: StickTrouble, stick: string, platform: NodeJS.Platform): AntFault {
  switch (trouble) {
    case 'no-permission':
      return {
        code: trouble,
        words: `${stick}, but this user may not use it.`,
        remedy:
          platform === 'linux'
            ? `As root: echo '${UDEV_RULE}' > ${UDEV_FILE} && udevadm control --reload; then plug the stick in again.`
            : 'Start with an account that may use USB devices.',
      }
    case 'busy':
      return {
        code: trouble,
        words: `${stick}, but another program has it.`,
        remedy: 'End the other program (a training app, another bridge), or plug in a second stick.',
      }
    case 'no-driver':
      return {
        code: trouble,
        words: `${stick}, but the system has no driver for it that programs may use.`,
        remedy:
          platform === 'win32'
            ? 'Give it the WinUSB driver (Zadig), or use --ble or --dircon.'
            : 'Use --ble or --dircon.',
      }
    case 'gone':
    case 'broken':
      return {
        code: 'broken',
        words: `${stick}, but it does not open.`,
        remedy: 'Pull it out and plug it in again, into another port if it stays so.',
      }
  }
}
