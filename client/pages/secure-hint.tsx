import type { VNode } from 'preact'
import { unavailableOf } from '../input/bluetooth-here.ts'
import { secureWords as words } from '../words/secure.ts'
import { CommandLine } from './command-line.tsx'

/** Where this page can have no Bluetooth: why, in one sentence, and the command that needs no browser for it. */
export function SecureHint(): VNode | null {
  const why = unavailableOf({
    isSecure: isSecureContext,
    hasBluetooth: 'bluetooth' in navigator,
    system: navigator.userAgent,
  })
  if (why === undefined) return null
  return (
    <div class="secure-hint small">
      <p>
        {why === 'not-secure'
          ? words.notSecure
          : why === 'bluetooth-hidden'
            ? words.bluetoothHidden
            : words.noBluetooth}
      </p>
      <CommandLine text={`npx gruppetto ride ${location.origin}`} />
    </div>
  )
}
