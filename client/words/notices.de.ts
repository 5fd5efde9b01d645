import type { NoticeCode } from '#protocol/notices'

export const de: Readonly<Record<NoticeCode, (name: string) => string>> = {
  'not-here': () => 'Du bist nicht auf der Straße.',
  'race-route': () => 'Ein Rennen bleibt auf seiner Strecke.',
  'no-route': (name) => `Eine Route „${name}“ gibt es hier nicht.`,
  'route-elsewhere': (name) =>
    `${name} führt hier nicht vorbei; fahr auf eine ihrer Straßen und wähl sie dann noch einmal.`,
  'no-pause': () => 'Hier macht niemand Pause: nicht im Rennen, nicht in der Startbox, nicht im Park.',
  'road-ends': () => 'Hier endet die Straße. Wende, sobald es geht.',
  'too-many-turns': () => 'Zu viele Abzweige auf einmal; wart einen Moment.',
  'too-many-lines': () => 'Zu viele Zeilen auf einmal; wart einen Moment.',
  'too-many': () => 'Zu viel auf einmal; wart einen Moment.',
  'rider-gone': () => 'Dieser Fahrer ist nicht mehr da.',
  'rider-unknown': () => 'Dieser Fahrer ist hier nicht bekannt.',
  yourself: () => 'Das bist du selbst.',
  'reported-often': () => 'Viele haben diesen Fahrer schon gemeldet; es wird gelesen.',
  'reports-full': () =>
    'Es liegen zu viele Meldungen vor. Blockiere diesen Fahrer und sag es den Veranstaltern auf anderem Weg.',
  'avoid-full': () => 'Mehr Fahrer kannst du hier nicht blockieren oder stumm schalten; nimm erst einen zurück.',
  'not-now': () => 'Das ging gerade nicht; versuch es gleich noch einmal.',
  'reported-enough': () => 'Du hast fürs Erste genug gemeldet; es wird gelesen.',
  'room-broken': () => 'Diese Straße wurde wegen eines Fehlers im Server geschlossen. Steig neu ein.',
}
