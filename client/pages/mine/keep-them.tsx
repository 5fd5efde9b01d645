import type { VNode } from 'preact'
import { rides as words } from '../../words/rides.ts'
import { riderSecrets } from '../own-memory.ts'
import { dateText } from './ride-text.ts'

/** A guest's rides live as long as this browser remembers, and as the server keeps them. */
export function KeepThem({ untilMs = null }: { untilMs?: number | null }): VNode | null {
  if (riderSecrets().length === 0) return null
  return (
    <aside class="keep-them" aria-label={words.account}>
      <p>
        {untilMs !== null && `${words.keptUntil(dateText(untilMs))} `}
        {words.keepRides}
      </p>
      <a class="button" href="/account">
        {words.makeAccount}
      </a>
    </aside>
  )
}
