import type { en } from './secure.en.ts'

export const de: typeof en = {
  notSecure:
    'Diese Seite kam über einfaches http, und solchen Seiten geben Browser kein Bluetooth, keine Installation und keine Passwörter. Öffne sie mit https, oder nimm diesen Befehl:',
  noBluetooth:
    'Dieser Browser hat kein Bluetooth für Webseiten (Firefox und Safari haben keins). Nimm Chrome oder Edge, oder diesen Befehl:',
  bluetoothHidden:
    'Dieser Browser gibt Webseiten Bluetooth erst, wenn du es einschaltest: chrome://flags, „Web Bluetooth“. Oder nimm diesen Befehl:',
}
