export const en = {
  notSecure:
    'This page came over plain http, and browsers give such pages no Bluetooth, no installing and no passwords. Open it with https, or let this command do it:',
  noBluetooth:
    'This browser has no Bluetooth for pages (Firefox and Safari have none). Use Chrome or Edge, or let this command do it:',
  bluetoothHidden:
    'This browser has Bluetooth for pages only when it is told so: chrome://flags, “Web Bluetooth”. Or let this command do it:',
}
