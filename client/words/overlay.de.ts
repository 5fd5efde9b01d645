import type { en } from './overlay.en.ts'

export const de: typeof en = {
  board: 'Stand',
  gaps: 'Gruppen',
  rider: 'Fahrer',
  clock: 'Rennuhr',
  lap: (lap, laps) => `Runde ${lap} von ${laps}`,
  toGo: 'noch',
  start: 'Start in',
  group: (count) => (count === 1 ? '1 Fahrer' : `${count} Fahrer`),
  leader: 'Spitze',
  noEvent: 'Ein Overlay braucht ?event=ID: die ID aus der Adresse der Rennseite.',
  noRace: 'Dieses Rennen gibt es nicht.',
  noKind: (kinds) => `Dieses Overlay gibt es nicht. Es gibt: ${kinds}.`,
  more: (count) => `und ${count} weitere`,
}
