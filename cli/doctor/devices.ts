import { antFaults, type AntProbe } from '#bridges/ant/faults'
import { asleepFault, type BleFault, heldFault } from '#bridges/ble/faults'
import type { KnownDevice } from '#bridges/rider-memory'
import { type AirLook, SEEN_MS } from './air.ts'
import { bad, type Check, good, none, warning } from './check.ts'

/** All that was looked at, as data: probes.ts looks, tests write it down. */
export interface DeviceLook {
  readonly platform: string
  readonly ant: AntProbe
  readonly radio: readonly BleFault[]
  /** The rider's own devices in the air. */
  readonly air: readonly AirLook[]
  readonly network: NetworkLook
  /** Trainers that answered by mDNS, were known, or were named. */
  readonly trainers: readonly TrainerLook[]
  readonly known: readonly KnownDevice[]
  readonly browser: BrowserLook
  /** Where the rider's page is; undefined: no server is meant. */
  readonly pageOrigin: string | undefined
}

export interface NetworkLook {
  /** Other than loopback. */
  readonly addresses: readonly string[]
  /** `deaf`: the question went out, and not even we heard it. */
  readonly multicast: 'heard' | 'deaf' | { readonly error: string }
}

export interface TrainerLook {
  readonly name: string
  readonly host: string
  readonly port: number
  /** mute: takes the connection and answers nothing; closed: takes it and hangs up; refused: nothing listens; silent: no host. */
  readonly answer: 'speaks' | 'mute' | 'closed' | 'refused' | 'silent'
  /** UUIDs in full, where it speaks. */
  readonly services: readonly string[]
  /** It said by mDNS just now that it is there. */
  readonly isAnnounced: boolean
}

export interface BrowserLook {
  readonly path: string | undefined
}

export const FAULTS = [
  ...['ant-no-package', 'ant-no-stick', 'ant-no-permission', 'ant-busy', 'ant-no-driver', 'ant-broken', 'ant-no-key'],
  ...['ant-bad-key', 'ble-no-package', 'ble-no-adapter', 'ble-off', 'ble-no-permission', 'ble-stuck', 'no-network'],
  ...['no-mdns', 'trainer-held', 'trainer-asleep', 'old-firmware', 'no-web-bluetooth', 'page-not-secure'],
] as const
export type FaultId = (typeof FAULTS)[number]

/** What stands between a rider and their devices: stable id, what is so, and exactly what to do about it. */
export interface Fault {
  readonly id: FaultId
  /** What is looked at as one: a line of the doctor. */
  readonly about: 'ant' | 'bluetooth' | 'network' | 'trainer' | 'browser' | 'page'
  /** bad: it is there and does not work; warning: something is missing that one may want; none: one may well do without. */
  readonly level: 'bad' | 'warning' | 'none'
  readonly words: string
  readonly remedy: string
}

/** Every fault that the look shows, in the order of the lines. [B122] */
export function deviceFaults(look: DeviceLook): readonly Fault[] {
  return [
    ...networkFaults(look),
    ...trainerFaults(look),
    ...radioFaults(look),
    ...stickFaults(look),
    ...pageFaults(look),
  ]
}

function networkFaults({ network: { addresses, multicast } }: DeviceLook): Fault[] {
  if (addresses.length === 0)
    return [
      {
        ...{ id: 'no-network', about: 'network', level: 'warning' },
        words: 'This machine is on no network: trainers with Wi-Fi cannot be reached.',
        remedy: 'Join the network that the trainer is on, or use Bluetooth or ANT+.',
      },
    ]
  if (multicast === 'heard') return []
  const why = multicast === 'deaf' ? 'a firewall swallows it' : multicast.error
  return [
    {
      ...{ id: 'no-mdns', about: 'network', level: 'warning' },
      words: `This machine cannot ask its network for trainers by mDNS (${why}).`,
      remedy:
        'Let UDP 5353 through the firewall (a container needs the network of its host), or give the address: gruppetto bridge --dircon HOST:PORT.',
    },
  ]
}

function trainerFaults({ trainers }: DeviceLook): Fault[] {
  return trainers.flatMap((trainer): Fault[] => {
    const { name, host, port, answer, isAnnounced, services } = trainer
    const at = `${name} (${host}:${port})`
    if (answer === 'mute' || answer === 'closed')
      return [
        {
          ...{ id: 'trainer-held', about: 'trainer', level: 'bad' },
          words: `${at} takes the connection and ${answer === 'mute' ? 'answers nothing' : 'hangs up'}: another program holds it.`,
          remedy: 'Close the other app, on the phone and the television too; else switch the trainer off and on.',
        },
      ]
    if (answer === 'refused' || answer === 'silent')
      return [
        {
          ...{ id: 'trainer-asleep', about: 'trainer', level: 'bad' },
          words: `${at} does not answer${isAnnounced ? ', though it says that it is there' : ''}: it is asleep, switched off, or has another address today.`,
          remedy: isAnnounced
            ? 'Both must be on one network, and no guest network: then turn the pedals and look again.'
            : 'Turn the pedals; if it stays so, switch it off and on and wait until its light says that it is on the network.',
        },
      ]
    return firmwareFaults(at, services, true)
  })
}

const FITNESS_MACHINE = '00001826-0000-1000-8000-00805f9b34fb'
/** FE-C over Bluetooth: of its maker, from before there was a common way. */
const OLDER_WAY = '6e40fec1-b5a3-f393-e0a9-e50e24dcca9e'

/** No model is named, no version: what it offers says enough, and goes on saying it when there are newer ones. */
function firmwareFaults(name: string, services: readonly string[], isOnNetwork: boolean): Fault[] {
  if (services.length === 0 || services.includes(FITNESS_MACHINE)) return []
  // On the network only trainers are found this way; in the air a power meter has no Fitness Machine Service, and rightly.
  if (!isOnNetwork && !services.includes(OLDER_WAY)) return []
  return [
    {
      ...{ id: 'old-firmware', about: 'trainer', level: 'warning' },
      words: `${name} offers no Fitness Machine Service: its firmware is from before it.`,
      remedy:
        "Update the trainer with its maker's app, then switch it off and on; what it has now is used as well as it can be.",
    },
  ]
}

function radioFaults({ radio, known, air }: DeviceLook): Fault[] {
  const faults: Fault[] = radio.flatMap(({ fault, words, remedy }): Fault[] => {
    // Of a device, not of the radio: only a bridge that looks for it knows.
    if (fault === 'asleep' || fault === 'held') return []
    const level = fault === 'no-adapter' ? 'none' : fault === 'no-package' ? 'warning' : 'bad'
    return [{ id: `ble-${fault}`, about: 'bluetooth', level, words, remedy }]
  })
  const own = air.flatMap(({ name, isTrainer, answer }): Fault[] => {
    if (answer === 'there') return []
    const { words, remedy } = answer === 'held' ? heldFault(name) : asleepFault(name, SEEN_MS / 1000)
    const id = answer === 'held' ? 'trainer-held' : 'trainer-asleep'
    // Without its trainer nobody rides; a strap in the drawer is nobody's fault.
    return [{ id, about: 'trainer', level: isTrainer ? 'bad' : 'warning', words, remedy }]
  })
  const trainers = known.filter(({ carrier, isTrainer }) => carrier === 'bluetooth' && isTrainer)
  return [...faults, ...own, ...trainers.flatMap(({ name, services = [] }) => firmwareFaults(name, services, false))]
}

function stickFaults({ ant }: DeviceLook): Fault[] {
  const hasStick = ant.sticks.length > 0
  return antFaults(ant).flatMap(({ code, words, remedy }): Fault[] => {
    const isKey = code === 'no-key' || code === 'bad-key'
    // A key is missed by who has a stick; a wrong one by whoever has set it.
    if (code === 'no-key' && !hasStick) return []
    const level = code === 'no-stick' ? 'none' : code === 'no-package' ? 'none' : isKey && !hasStick ? 'warning' : 'bad'
    return [{ id: `ant-${code}`, about: 'ant', level, words, remedy }]
  })
}

function pageFaults({ browser, pageOrigin, platform }: DeviceLook): Fault[] {
  const faults: Fault[] = []
  if (browser.path === undefined)
    faults.push({
      ...{ id: 'no-web-bluetooth', about: 'browser', level: 'warning' },
      words:
        'No browser with Web Bluetooth is where they usually are (Chrome, Edge, Chromium); Firefox and Safari have none.',
      remedy:
        platform === 'linux'
          ? 'Install one and switch on chrome://flags/#enable-web-bluetooth; or pair with gruppetto bridge, which needs no browser.'
          : 'Install one; or pair with gruppetto bridge, which needs no browser.',
    })
  if (pageOrigin !== undefined && !isSecure(new URL(pageOrigin)))
    faults.push({
      ...{ id: 'page-not-secure', about: 'page', level: 'warning' },
      words: `The page of ${pageOrigin} comes over plain HTTP from another machine: browsers give it no Bluetooth.`,
      remedy: `gruppetto ride ${pageOrigin} shows it from this machine; or put HTTPS before the server (docs/operations.md).`,
    })
  return faults
}

/** What browsers call potentially trustworthy: HTTPS, or this machine. */
const isSecure = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(hostname)

/** A line for each thing looked at: its faults, else that it is well. */
export function deviceChecks(look: DeviceLook): readonly Check[] {
  const faults = deviceFaults(look)
  const lines = (about: Fault['about'], well: readonly Check[]): readonly Check[] => {
    const own = faults.filter((fault) => fault.about === about)
    return own.length === 0 ? well : own.map(checkOf)
  }
  const { ant, air, network, trainers, browser, pageOrigin } = look
  const speaking = trainers.filter(({ answer }) => answer === 'speaks')
  return [
    ...lines('network', [good('network', `Trainers can be asked for by mDNS (${network.addresses.join(', ')}).`)]),
    ...air
      .filter(({ answer }) => answer === 'there')
      .map(({ name }) => good('trainer', `${name} is in the air and lets us in.`)),
    ...(speaking.length > 0
      ? speaking.map(({ name, host, port }) => good('trainer', `${name} answers at ${host}:${port}.`))
      : air.length > 0 || faults.some(({ about }) => about === 'trainer')
        ? []
        : [none('trainer', 'No trainer answers on the network; many sleep until somebody pedals.')]),
    ...lines('trainer', []),
    ...lines('bluetooth', [good('bluetooth', 'Bluetooth is on, and this program may use it.')]),
    ...lines('ant', [
      good('ant', `An ANT+ stick is there and may be used (${ant.sticks[0]?.place ?? ''}), and a key is set.`),
    ]),
    ...lines('browser', [good('browser', `A browser with Web Bluetooth: ${browser.path ?? ''}.`)]),
    ...lines('page', pageOrigin === undefined ? [] : [good('page', `Browsers trust the page of ${pageOrigin}.`)]),
  ]
}

function checkOf({ about, level, words, remedy }: Fault): Check {
  if (level === 'bad') return bad(about, words, remedy)
  return level === 'warning' ? warning(about, words, remedy) : { ...none(about, words), remedy }
}
