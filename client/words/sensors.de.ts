import type { Told } from '../input/trouble-names.ts'
import { numberText, speedText, units } from './units.ts'
import type { en } from './sensors.en.ts'

const told = (words: string, remedy: string): Told => ({ words, remedy })

export const de: typeof en = {
  troubles: {
    'not-secure': () =>
      told(
        'Browser erlauben Bluetooth nur auf sicheren Seiten.',
        'Öffne diese Adresse mit https, oder als localhost auf dem Server selbst; oder kopple mit „gruppetto bridge“.',
      ),
    'no-bluetooth': () =>
      told(
        'Dieser Browser hat kein Bluetooth für Webseiten.',
        'Nimm Chrome oder Edge, oder kopple den Trainer mit „gruppetto bridge“, das keinen Browser braucht.',
      ),
    'bluetooth-hidden': () =>
      told(
        'Dieser Browser gibt Webseiten Bluetooth erst, wenn du es einschaltest.',
        'Öffne chrome://flags, schalte „Web Bluetooth“ ein und starte ihn neu; oder kopple den Trainer mit „gruppetto bridge“.',
      ),
    'bluetooth-off': () =>
      told(
        'Bluetooth ist an diesem Computer ausgeschaltet.',
        'Schalte es ein und kopple noch einmal; was gekoppelt war, kommt von selbst.',
      ),
    denied: () =>
      told(
        'Diese Seite darf Bluetooth nicht benutzen.',
        'Erlaube es: das Zeichen links neben der Adresse, dann Bluetooth-Geräte; auf dem Mac auch in den Einstellungen unter Datenschutz.',
      ),
    'nothing-chosen': () =>
      told('Es wurde kein Gerät gewählt.', 'Weck den Trainer durch Treten und kopple noch einmal.'),
    'chooser-failed': () =>
      told('Das Bluetooth-Fenster des Browsers ging nicht auf.', 'Lade die Seite neu und kopple noch einmal.'),
    waiting: (name) =>
      told(
        `An einem anderen Tag gekoppelt: ${name}.`,
        'Drück „Wieder verbinden“ und nimm jedes Gerät im Fenster des Browsers.',
      ),
    asleep: (name) =>
      told(`${name} antwortet nicht: Es schläft oder ist weit weg.`, 'Dreh die Kurbel, um es zu wecken.'),
    held: (name) =>
      told(
        `${name} antwortet immer noch nicht: Vielleicht hält es ein anderes Programm fest.`,
        'Schließ die andere App, auch auf Handy und Fernseher; sonst schalte es aus und wieder ein.',
      ),
    lost: (name) => told(`${name} ist weg.`, 'Es wird gesucht und macht von selbst weiter, wenn es wieder da ist.'),
    'long-lost': (name, more) =>
      told(
        `${name} ist seit ${more} weg.`,
        'Dreh die Kurbel; ist es eingeschaltet? Wenn eine andere App es hat, schließ sie.',
      ),
    stalled: (name) =>
      told(
        `${name} ist verbunden und sagt nicht, was es kann.`,
        'Wart zehn Sekunden; dann schalte es aus und wieder ein.',
      ),
    'nothing-useful': (name) =>
      told(
        `${name} ist verbunden und hat nichts, was zum Fahren taugt.`,
        'Vergiss es und sieh in seiner App nach, ob es mit Radcomputern sprechen kann.',
      ),
    'no-power': (name) =>
      told(
        `${name} ist verbunden und meldet keine Watt.`,
        'Dreh die Kurbel. Wenn es so bleibt, schalte es aus und wieder ein.',
      ),
    'no-cadence': (name) =>
      told(
        `${name} meldet Watt, aber keine Trittfrequenz.`,
        'Nimm einen Trittfrequenzsensor dazu; vielleicht kann es auch eine neuere Firmware.',
      ),
    'no-heart': (name) =>
      told(
        `${name} ist verbunden und spürt kein Herz.`,
        'Mach den Gurt feucht, wo er die Haut berührt, und zieh ihn enger.',
      ),
    stuck: (name) =>
      told(
        `${name} wiederholt sich: Diese Watt sind eine Erinnerung und zählen nicht.`,
        'Tritt weiter; wenn es so bleibt, schalte es aus und wieder ein.',
      ),
    'battery-low': (name, more) =>
      told(`${name} hat noch ${more} Batterie.`, 'Lade es oder wechsle die Zelle vor einer langen Fahrt.'),
    'control-held': (name) =>
      told(
        `${name} lässt diese Seite den Widerstand nicht einstellen.`,
        'Schließ die App, die es hält, auch die des Herstellers; es wird immer wieder gefragt.',
      ),
    'control-lost': (name) =>
      told(
        `Eine andere App hat den Widerstand von ${name} übernommen.`,
        'Schließ diese App; er wird immer wieder zurückgefordert.',
      ),
    'no-answer': (name) =>
      told(
        `${name} antwortet nicht auf das, was es gefragt wird.`,
        'Es wird noch einmal gefragt. Wenn es so bleibt, schalte es aus und wieder ein.',
      ),
    refused: (name) =>
      told(
        `${name} hat abgelehnt, was es tun sollte.`,
        'Es wird noch einmal gefragt; tritt dabei, denn manche gehorchen nur, während sie sich drehen.',
      ),
    unsupported: (name) =>
      told(`${name} kennt diese Art zu fahren nicht.`, 'Nimm eine andere: die Straße, Watt halten oder Widerstand.'),
    'no-resistance': (name) =>
      told(
        `${name} meldet Watt, lässt sich aber keinen Widerstand einstellen.`,
        'Aktualisiere es mit der App des Herstellers und schalte es aus und wieder ein; bis dahin zählen die Watt, Berge spürst du nicht.',
      ),
  },
  quantities: {
    powerW: { name: 'Leistung', unit: 'W' },
    cadenceRpm: { name: 'Trittfrequenz', unit: 'U/min' },
    heartRateBpm: { name: 'Puls', unit: '/min' },
  },
  carriers: { bluetooth: 'Bluetooth', network: 'Netzwerk', ant: 'ANT+', simulated: 'simuliert' },
  tiles: { good: 'Läuft', working: 'Wartet', bad: 'Verloren', none: 'Kein Sensor' },
  pairing: {
    add: 'Gerät hinzufügen',
    adding: 'Wähl es im Fenster des Browsers …',
    reconnect: (count) => (count === 1 ? 'Wieder verbinden' : `Alle ${count} wieder verbinden`),
    nextClick: (name, left) =>
      `Noch ein Klick: Der Browser fragt selbst nach ${name}${left > 1 ? `, ${left} fehlen noch` : ''}.`,
    close: 'Schließen',
    ride: 'Damit fahren',
    numbers: 'Deine Werte',
    devices: 'Geräte',
    wrong: 'Was nicht stimmt',
    worthKnowing: 'Gut zu wissen',
    fine: 'Alles in Ordnung.',
    empty:
      'Dreh die Kurbel, damit der Trainer aufwacht. Füg ihn hinzu und danach, was du trägst: Gurt, Leistungsmesser, Tasten.',
    resistance: 'Widerstand',
    ready: 'Bereit für die Straße',
    battery: (percent) => `Batterie ${percent} %`,
    used: 'gilt',
    usedChosen: 'gilt, von dir gewählt',
    chosenAway: 'von dir gewählt, schweigt',
    notUsed: 'gilt nicht',
    useThis: 'Dieses nehmen',
    letBest: 'Das beste nehmen',
    calibrate: 'Kalibrieren',
    forget: 'Vergessen',
    forgetReally: 'Wirklich vergessen?',
    calibration: 'Kalibrierung',
    warmUp: 'Fahr zuerst zehn Minuten: Ein kalter Trainer wird falsch kalibriert. Danach dauert es eine Minute.',
    begin: 'Beginnen',
    later: 'Nicht jetzt',
    stop: 'Abbrechen',
    done: 'Fertig',
    again: 'Noch einmal',
    steps: ['Beschleunigen', 'Nicht mehr treten', 'Ausrollen lassen'],
    speed: (now, low, high) => `${now}, gebraucht werden ${low} bis ${high}`,
  },
  links: {
    off: 'Bluetooth ist an diesem Computer ausgeschaltet; es geht von selbst weiter, wenn es wieder an ist',
    connected: 'Verbunden',
    connecting: (name) => `Verbinde mit ${name} …`,
    silent: (name) => `${name} antwortet nicht; neuer Versuch. Ist es wach, und hält es keine andere App fest?`,
    gone: (name) => `${name} ist weg, neuer Versuch`,
    stillGone: (name) => `${name} ist immer noch weg, neuer Versuch. Ist es an, und hält es keine andere App fest?`,
    letGo: (name) => `${name} wurde freigegeben`,
    pairedEarlier: (name) => `${name} wurde früher gekoppelt: Ein Klick verbindet es wieder`,
    nameless: 'Sensor ohne Namen',
    asking: 'Verbunden; es wird gefragt, was es kann …',
  },
  legs: {
    trainer: {
      waiting: 'wartet auf die Straße',
      flat: 'nichts zu spüren: flach',
      road: (percent, gear, isAlone) =>
        `die Straße, ${tenths(percent)} %${gear === undefined ? '' : `, Gang ${gear}`}` +
        (isAlone ? ' (aus dem Gedächtnis: der Server schweigt)' : ''),
      noBrake: 'an diesem Trainer lässt sich keine Bremse stellen',
      brake: (percent) => `Bremse auf ${percent} %`,
      letGo: 'losgelassen: deine Trittfrequenz fiel; tritt weiter, dann kommt es wieder',
      returning: (heldW, wishedW) => `kommt wieder: ${heldW} W von ${wishedW} W`,
      held: (watts) => `hält ${watts} W`,
      cannotHold: 'dieser Trainer kann keine Watt halten; er macht stattdessen die Straße',
      noAnswer: 'der Trainer antwortet nicht; er wird wieder gefragt',
      refused: 'der Trainer hat abgelehnt; er wird wieder gefragt',
      none: 'kein Trainer',
      asking: 'bittet den Trainer, ihn steuern zu dürfen',
      starting: 'startet den Trainer',
      unsupported: 'dieser Trainer lässt sich so nicht steuern: er fährt, wie er ist',
      workout: (name, step, steps, left) => `; ${name}, Schritt ${step} von ${steps}, noch ${left}`,
    },
    spinDown: {
      asking: 'Der Trainer wird um die Kalibrierung gebeten …',
      faster: (kmh) => `Tritt schneller${kmh === undefined ? '' : `, bis ${speedText(kmh, units(), 0)}`}.`,
      coast: 'Hör auf zu treten und lass ausrollen.',
      done: (seconds) =>
        `Der Trainer ist kalibriert.${seconds === undefined ? '' : ` Er rollte ${numberText(seconds, 1)} s aus.`}`,
      failed: {
        'not-supported':
          'Bei diesem Trainer kann kein Programm die Kalibrierung starten; vielleicht kann es die App des Herstellers.',
        refused: 'Der Trainer hat abgelehnt. Fahr ihn zehn Minuten warm, dann versuch es noch einmal.',
        'no-answer':
          'Der Trainer hat nicht geantwortet. Hat ihn ein anderes Programm? Schließ es und versuch es wieder.',
        slow: 'Das Tempo wurde in zwei Minuten nicht erreicht. Nimm den größten Gang und versuch es noch einmal.',
        'no-end': 'Der Trainer hat kein Ergebnis gesagt. Lass ausrollen, ohne zu treten, und versuch es noch einmal.',
        trainer:
          'Die Kalibrierung ist misslungen. Hör sofort auf zu treten, wenn es dasteht, brems nicht, und versuch es noch einmal.',
        stopped: 'Die Kalibrierung wurde abgebrochen; der Trainer ist, wie er war.',
        gone: 'Der Trainer ging während der Kalibrierung weg.',
      },
    },
    nothingUseful: 'nichts, was beim Radfahren hilft',
    brings: {
      power: 'Leistung',
      'power and cadence': 'Leistung und Trittfrequenz',
      cadence: 'Trittfrequenz',
      speed: 'Tempo',
      'heart rate': 'Puls',
      resistance: 'Widerstand',
      gears: 'Gänge',
      buttons: 'Tasten',
    },
    unknownDevice: () => 'Dieses Gerät ist gerade nicht da; weck es auf oder kopple es zuerst.',
    noCalibration: (name) => `${name} lässt sich von hier aus nicht kalibrieren.`,
  },
}

const tenths = (value: number): string => numberText(Math.round(value * 10) / 10 + 0, 1).replace('-', '−')
