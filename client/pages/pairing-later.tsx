import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { PairingProps } from './pairing.tsx'

/** The sheet of trainer and sensors, which nobody waits for who does not open it. */
export function PairingLater(props: PairingProps): VNode | null {
  const [Sheet, setSheet] = useState<typeof import('./pairing.tsx').Pairing>()
  useEffect(() => {
    void import('./pairing.tsx').then(({ Pairing }) => setSheet(() => Pairing))
  }, [])
  return Sheet === undefined ? null : <Sheet {...props} />
}
