import type { en } from './trainer.en.ts'

export const de: typeof en = {
  modes: { sim: 'Die Straße', erg: 'Watt halten', resistance: 'Widerstand', free: 'Frei' },
  control: {
    trainer: 'Trainer',
    modes: 'Was der Trainer tut',
    target: 'Watt, die er hält',
    difficulty: 'Wie viel vom Berg du spürst',
    resistance: 'Widerstand',
    gears: 'Gänge',
    noGear: 'keine',
    gearsOn: 'Virtuelle Gänge benutzen',
    gearsOff: 'Ohne virtuelle Gänge',
    less: { sim: 'Leichterer Gang', erg: '10 Watt weniger', resistance: 'Weniger Widerstand', free: 'Weniger' },
    more: { sim: 'Schwererer Gang', erg: '10 Watt mehr', resistance: 'Mehr Widerstand', free: 'Mehr' },
    openBar: 'Trainer: Modus und Gänge',
    keys: [
      [['↑', '↓'], 'mehr, weniger'],
      [['E', 'Q'], 'Gänge'],
      [['G'], 'Watt, Straße'],
      [['T'], 'Sensoren'],
    ],
  },
  waiting: {
    label: 'Sensoren vom letzten Mal',
    connect: (name, more) => `${name}${more > 0 ? ` und ${more} weitere` : ''} wieder verbinden`,
    later: 'Nicht jetzt',
  },
  line: {
    bridge: 'Die Watt kommen von deiner Bridge',
    waits: (name) => `${name} wartet auf einen Klick`,
    none: 'Kein Sensor gekoppelt: Das Menü koppelt einen',
    simulated: 'Simulierter Trainer',
  },
  title: 'Trainer und Sensoren',
  back: 'Zurück zur Fahrt',
}
