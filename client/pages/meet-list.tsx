import type { VNode } from 'preact'
import type { ClientClock } from '../clock.ts'
import { common } from '../words/common.ts'
import { numberText, roadText } from '../words/units.ts'
import type { Meet } from './api.ts'
import { whenText } from './format.ts'

/** Meet-ups in a few words each, with the way to their page. */
export function MeetList({ clock, meets }: { clock: ClientClock; meets: readonly Meet[] }): VNode {
  return (
    <ul class="meets">
      {meets.map((meet) => (
        <li key={meet.id}>
          <a href={`/meet/${meet.id}`}>
            <strong>{meet.title}</strong>
            <span class={meet.phase === 'riding' ? 'chip live' : 'chip'}>
              {meet.phase === 'riding' ? common.ridingNow : whenText(meet.startsAt, clock.wallMs())}
            </span>
            <span class="small muted number">
              {meet.routeName} · {roadText(meet.lengthM)} · {paceText(meet)}
              {meet.riderCount > 0 && ` · ${common.riders(meet.riderCount)}`}
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}

export function paceText({ paceWkg }: Pick<Meet, 'paceWkg'>): string {
  return paceWkg === null ? common.paceOpen : common.paceBand(wkg(paceWkg.low), wkg(paceWkg.high))
}

const wkg = (value: number): string => numberText(value, 1)
