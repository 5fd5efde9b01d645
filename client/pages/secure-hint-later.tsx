import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** The sentence about a page without Bluetooth: who has it does not wait for its words. */
export function SecureHintLater(): VNode | null {
  const [Hint, setHint] = useState<typeof import('./secure-hint.tsx').SecureHint>()
  const isFine = isSecureContext && 'bluetooth' in navigator
  useEffect(() => {
    if (!isFine) void import('./secure-hint.tsx').then(({ SecureHint }) => setHint(() => SecureHint))
  }, [])
  return Hint === undefined ? null : <Hint />
}
