import type { en } from './common.en.ts'

export const de: typeof en = {
  rider: 'Fahrer',
  ride: 'Fahren',
  close: 'Schließen',
  today: (time) => `heute ${time}`,
  riders: (count) => (count === 1 ? '1 Fahrer' : `${count} Fahrer`),
}
