import { numberText } from './units.ts'
import type { en } from './verdict.en.ts'

const isWebsocket = (carrier: string): boolean => carrier === 'websocket'
const NEARER = 'Nimm ein Kabel oder setz dich näher an den Zugangspunkt.'
const LET_UDP =
  'Ein WebSocket wartet auf jedes verlorene Paket. Lass UDP durch (gruppetto doctor nennt den Port) oder nimm ein Kabel.'
const LOWER = 'Wähle ein einfacheres Bild (Menü, „Anzeige, Tasten und Werte“)'

const percent = (share: number): string => `${numberText(share * 100, share < 0.0995 ? 1 : 0)} %`
const lasting = (ms: number): string => (ms < 950 ? `${Math.round(ms / 10) * 10} ms` : `${numberText(ms / 1000, 1)} s`)
const metres = (m: number): string => (m < 1 ? `${Math.round(m * 100)} cm` : `${numberText(m, 1)} m`)

export const de: typeof en = {
  parts: { line: 'Die Leitung', server: 'Der Server', computer: 'Dieser Rechner', trainer: 'Der Trainer' },
  nothingYet: 'Noch ist nichts gemessen',
  unseenYet: 'noch nichts gemessen',
  nobody: 'Niemand: Leitung, Server und alles andere, was hier zu sehen ist, bleiben in ihren Grenzen',
  jumped: 'Jemand ist gesprungen, obwohl Leitung, Server, Rechner und Trainer in ihren Grenzen bleiben',
  moved: (m) =>
    `Dein Fahrer wurde um ${metres(m)} versetzt, obwohl Leitung, Server, Rechner und Trainer in ihren Grenzen bleiben`,
  ourFault: 'Das sieht nach einem Fehler von Gruppetto selbst aus: Sichere diese Zahlen und melde sie als Issue.',
  cut: ['Die Leitung ist abgerissen', 'Sieh nach, ob dieser Rechner im Netz ist und ob der Server läuft.'],
  lost: (share) => [
    `${percent(share)} der Pakete gehen verloren`,
    'Nimm ein Kabel oder setz dich näher an den Zugangspunkt; am Handy: such besseren Empfang.',
  ],
  gap: (ms, carrier) => [`${lasting(ms)} lang kam nichts`, isWebsocket(carrier) ? LET_UDP : NEARER],
  queued: (ms) => [
    `Pakete warten unterwegs ${ms} ms in einer Schlange`,
    'Etwas anderes füllt die Leitung: Halte Uploads, Filme und Updates im Haus an, oder schalte im Router das Queue-Management (SQM) ein.',
  ],
  uneven: (ms, carrier) => [
    `Pakete kommen ungleichmäßig, bis zu ${ms} ms zu spät`,
    isWebsocket(carrier)
      ? LET_UDP
      : 'Nimm ein Kabel oder einen anderen WLAN-Kanal; halte an, was die Leitung sonst noch nutzt.',
  ],
  serverLate: (ms, isBusy) => [
    `ein Takt seiner Welt endete ${ms} ms zu spät`,
    isBusy
      ? 'Seine Welt hat mehr Fahrer, als sein Rechner trägt: weniger Bots, oder ein schnellerer Rechner.'
      : 'Etwas anderes auf seinem Rechner nimmt den Prozessor: Sieh dort mit top nach und mit gruppetto watch.',
  ],
  asleep: (ms) => [
    `die Seite war verdeckt, und der Browser ließ sie ${lasting(ms)} schlafen`,
    'Lass die Seite sichtbar, in einem eigenen Fenster, oder lass eine Bridge treten (gruppetto bridge).',
  ],
  stalled: (ms) => [
    `die Seite wurde ${ms} ms aufgehalten`,
    'Schließ andere Seiten und Programme; auch eine Erweiterung des Browsers kann es sein: Versuch ein privates Fenster.',
  ],
  slowPicture: (ms) => [`ein Bild stand ${ms} ms`, `${LOWER}, schließ andere Seiten.`],
  fewPictures: (count) => [
    `er zeichnet ${count === 1 ? 'ein Bild' : `${count} Bilder`} in der Sekunde`,
    `${LOWER}, und sieh nach, ob der Browser die Grafikkarte nutzt.`,
  ],
  oldWatts: (ms, isFalling) => [
    `seine neuesten Watt sind ${lasting(ms)} alt${isFalling ? ', darum fallen deine Watt' : ''}`,
    'Bring den Rechner oder seinen Stick näher an den Trainer, weg vom WLAN; sieh nach der Batterie des Leistungsmessers.',
  ],
  lineGood: (ms, lostShare) => `${ms} ms hin und zurück, ${percent(lostShare)} verloren`,
  serverGood: (ms, isSparing) =>
    `Takte enden binnen ${ms} ms${isSparing ? '; er ist am Ende seiner Kraft und sendet nur zehnmal in der Sekunde' : ''}`,
  serverUnseen: 'noch nichts von ihm gehört',
  noPicture: 'hier wird kein Bild gezeichnet',
  hidden: 'die Seite ist verdeckt und fährt weiter',
  pictures: (count) => (count === 1 ? 'ein Bild in der Sekunde' : `${count} Bilder in der Sekunde`),
  noSensor: 'kein Sensor an dieser Seite',
  wattsGood: (ms) => `Watt höchstens ${lasting(ms)} alt`,
}
