import type { RadioPower } from './adapter.ts'

/** What stands between a rider and the radio, as data: `gruppetto doctor`, the local page and the terminal say the same. */
export interface BleFault {
  readonly fault: 'no-package' | 'no-adapter' | 'off' | 'no-permission' | 'stuck' | 'asleep' | 'held'
  readonly words: string
  readonly remedy: string
  /** The device that it is about, where it is about one. */
  readonly name?: string
}

export interface Host {
  readonly platform: string
  /** The program that wants the radio: capabilities are given to a file. */
  readonly execPath: string
}

const NOBLE = '@stoprocent/noble@2.8.0'

export const noPackage = (): BleFault => ({
  fault: 'no-package',
  words: 'Bluetooth on the desktop needs the optional package @stoprocent/noble, which is not installed here.',
  remedy: `npm install ${NOBLE}; or pair in the browser, or use --dircon.`,
})

/** Why the radio is not on; undefined: it is, or has not said yet. */
export function powerFault(power: RadioPower, { platform, execPath }: Host): BleFault | undefined {
  switch (power) {
    case 'no-adapter':
      return {
        fault: 'no-adapter',
        words: 'This computer has no Bluetooth adapter for low energy, or its driver does not run.',
        remedy:
          platform === 'linux'
            ? 'Plug one in and look whether "hciconfig" or "ls /sys/class/bluetooth" shows it; or use --dircon or an ANT+ stick.'
            : 'Plug one in, or use --dircon or an ANT+ stick.',
      }
    case 'off':
      return { fault: 'off', words: 'Bluetooth is switched off.', remedy: switchOn(platform) }
    case 'no-permission':
      return {
        fault: 'no-permission',
        words: 'This program may not use Bluetooth.',
        remedy: permit(platform, execPath),
      }
    default:
      return undefined
  }
}

const switchOn = (platform: string): string =>
  platform === 'linux'
    ? 'rfkill unblock bluetooth && sudo hciconfig hci0 up'
    : 'Switch Bluetooth on in the system’s settings.'

function permit(platform: string, execPath: string): string {
  if (platform === 'linux') return `sudo setcap cap_net_raw+eip '${execPath}'`
  if (platform === 'darwin')
    return 'System Settings → Privacy & Security → Bluetooth: allow the program you started this from (Terminal).'
  return 'Settings → Privacy & security → Radios: let desktop apps use them.'
}

export const stuckFault = (): BleFault => ({
  fault: 'stuck',
  words: 'The radio is on but does not scan.',
  remedy: 'Another program may be scanning: close it, or switch Bluetooth off and on.',
})

export const asleepFault = (name: string, sinceS: number): BleFault => ({
  fault: 'asleep',
  name,
  words: `${name} has not been seen for ${sinceS} s: it is asleep, switched off, out of reach, or linked to another app.`,
  remedy: 'Turn the pedals, put the strap on; close other apps that may hold it, on the phone too.',
})

export const heldFault = (name: string): BleFault => ({
  fault: 'held',
  name,
  words: `${name} is in the air but does not let us in: another program holds it, or it is too far away.`,
  remedy: 'Close the other program, on the phone too; or move the adapter nearer.',
})
