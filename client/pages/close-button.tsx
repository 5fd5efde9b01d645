import type { VNode } from 'preact'
import { common } from '../words/common.ts'
import { ride as words } from '../words/ride.ts'

export function CloseButton({ onClick }: { onClick: () => void }): VNode {
  return (
    <button class="ride-button" type="button" onClick={onClick} aria-label={words.backToRide} title={common.close}>
      <svg width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
      </svg>
    </button>
  )
}
