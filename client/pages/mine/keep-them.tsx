import type { VNode } from 'preact'
import { rides as words } from '../../words/rides.ts'
import { riderSecrets } from '../own-memory.ts'

/** A guest's rides live as long as this browser remembers. */
export function KeepThem(): VNode | null {
  if (riderSecrets().length === 0) return null
  return (
    <aside class="keep-them" aria-label={words.account}>
      <p>{words.keepRides}</p>
      <a class="button" href="/account">
        {words.makeAccount}
      </a>
    </aside>
  )
}
