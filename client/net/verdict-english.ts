import type { VerdictWords } from './verdict.ts'

type Told = VerdictWords['cut']

/** Whose fault a stutter is, in English: `gruppetto watch` says it, and pages that speak English (client/words/verdict.ts). */
const isWebsocket = (carrier: string): boolean => carrier === 'websocket'
const NEARER = 'Use a cable, or sit nearer to the access point.'
const LET_UDP =
  'A WebSocket waits for every lost packet. Let UDP through (gruppetto doctor says which port), or use a cable.'

const percent = (share: number): string => `${share < 0.0995 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`
const lasting = (ms: number): string => (ms < 950 ? `${Math.round(ms / 10) * 10} ms` : `${(ms / 1000).toFixed(1)} s`)
const metres = (m: number): string => (m < 1 ? `${Math.round(m * 100)} cm` : `${m.toFixed(1)} m`)

export const VERDICT_ENGLISH: VerdictWords = {
  /** Named before what is wrong with it. */
  parts: { line: 'The line', server: 'The server', computer: 'This computer', trainer: 'The trainer' },
  nothingYet: 'Nothing was measured yet',
  unseenYet: 'nothing was measured yet',
  nobody: 'Nobody: the line, the server and everything else seen here is within its limits',
  jumped: 'Somebody jumped, though line, server, computer and trainer are within their limits',
  moved: (m: number) =>
    `Your rider was moved by ${metres(m)}, though line, server, computer and trainer are within their limits`,
  ourFault: 'That looks like a fault of Gruppetto itself: save these figures and file them as an issue.',
  cut: ['The line was cut', 'Look whether this computer is on the network, and whether the server runs.'] as Told,
  lost: (share: number): Told => [
    `${percent(share)} of the packets get lost`,
    'Use a cable, or sit nearer to the access point; on a phone, look for a better cell.',
  ],
  gap: (ms: number, carrier: string): Told => [
    `nothing came for ${lasting(ms)}`,
    isWebsocket(carrier) ? LET_UDP : NEARER,
  ],
  queued: (ms: number): Told => [
    `packets wait ${ms} ms in a queue on their way`,
    'Something else fills the line: pause uploads, films and updates in the house, or turn on smart queues in the router.',
  ],
  uneven: (ms: number, carrier: string): Told => [
    `packets come unevenly, up to ${ms} ms late`,
    isWebsocket(carrier) ? LET_UDP : 'Use a cable, or another channel of the Wi-Fi; pause what else uses the line.',
  ],
  serverLate: (ms: number, isBusy: boolean): Told => [
    `a tick of its world ended ${ms} ms late`,
    isBusy
      ? 'Its world has more riders than its machine can carry: fewer pacers and bots, or a faster machine.'
      : 'Something else on its machine takes the processor: look there with top, and at gruppetto watch.',
  ],
  asleep: (ms: number): Told => [
    `the page was hidden, and the browser let it sleep for ${lasting(ms)}`,
    'Keep the page visible, in a window of its own, or let a bridge pedal (gruppetto bridge).',
  ],
  stalled: (ms: number): Told => [
    `the page was held up for ${ms} ms`,
    'Close other pages and programs; an extension of the browser may do it too: try a private window.',
  ],
  slowPicture: (ms: number): Told => [
    `one picture stood for ${ms} ms`,
    'Choose a simpler picture (Menu, “Screen, keys and figures”), close other pages.',
  ],
  fewPictures: (count: number): Told => [
    `it draws ${count === 1 ? 'one picture' : `${count} pictures`} a second`,
    'Choose a simpler picture (Menu, “Screen, keys and figures”), and look whether the browser uses the graphics card.',
  ],
  oldWatts: (ms: number, isFalling: boolean): Told => [
    `its newest watts are ${lasting(ms)} old${isFalling ? ', so your watts fall' : ''}`,
    'Bring the computer or its stick nearer to the trainer, away from Wi-Fi; look at the battery of the power meter.',
  ],
  lineGood: (ms: number, lostShare: number) => `${ms} ms there and back, ${percent(lostShare)} lost`,
  serverGood: (ms: number, isSparing: boolean) =>
    `ticks end within ${ms} ms${isSparing ? '; it is at its end and tells everybody ten times a second only' : ''}`,
  serverUnseen: 'not heard of yet',
  noPicture: 'no picture is drawn here',
  hidden: 'the page is hidden and rides on',
  pictures: (count: number) => `${count} pictures a second`,
  noSensor: 'no sensor on this page',
  wattsGood: (ms: number) => `watts at most ${lasting(ms)} old`,
}
