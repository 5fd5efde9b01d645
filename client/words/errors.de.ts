import type { en } from './errors.en.ts'

export const de: typeof en = {
  unreachable: 'Der Server antwortet nicht. Läuft er, und bist du in seinem Netz?',
  refused: (status) => `Der Server hat abgelehnt (${status}). Versuch es gleich noch einmal.`,
  notUnderstood: 'Der Server hat etwas geantwortet, das diese Seite nicht versteht. Lade die Seite neu.',
  noSeat: 'Der Server lässt gerade niemanden herein. Versuch es gleich noch einmal.',
  noRider: 'Der Server hat keinen Fahrer für die Anmeldung. Lade die Seite neu und versuch es noch einmal.',
  noPicture: 'Das Bild konnte nicht geladen werden. Lade die Seite neu.',
  noRoad: 'Die Strecke ist nicht angekommen. Prüf die Verbindung und versuch es noch einmal.',
  badRoad: (why) => `Die Strecke lässt sich nicht lesen: ${why}.`,
  otherRoad: 'Der Server fährt eine andere Fassung dieser Strecke. Lade die Seite neu.',
  badTrack: (why) => `Aus dieser Datei wird keine Straße (${why})`,
  begunAnew: 'Der Server wurde neu gestartet.',
  codes: [
    [
      'ERR_CODE_UNKNOWN',
      'Diesen Code gibt es nicht, er ist verbraucht oder älter als fünf Minuten. Lass dir einen neuen zeigen.',
    ],
    ['ERR_EVENT_STATE', 'Das geht bei diesem Rennen gerade nicht.'],
    ['ERR_EVENT_UNKNOWN', 'Dieses Rennen gibt es nicht.'],
    ['ERR_FORBIDDEN', 'Das darf nur, wer das Rennen oder die Verabredung gemacht hat.'],
    ['ERR_MAP_INVALID', 'Diese Strecke gibt es hier nicht.'],
    ['ERR_MEET_UNKNOWN', 'Diese Verabredung ist vorbei, oder der Link ist nicht vollständig.'],
    ['ERR_NOT_READY', 'Der Server macht sich noch bereit. Versuch es gleich noch einmal.'],
    ['ERR_PROTOCOL_VERSION', 'Seite und Server passen nicht zusammen. Lade die Seite neu.'],
    ['ERR_ROOM_FULL', 'Die Straße ist voll. Versuch es später noch einmal.'],
    ['ERR_SEAT_UNKNOWN', 'Diesen Fahrer kennt der Server nicht mehr. Steig mit deinem Namen neu ein.'],
    ['ERR_TOO_MANY', 'Das waren zu viele Anfragen auf einmal. Wart ein paar Sekunden.'],
  ],
}
