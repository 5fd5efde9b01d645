import type { ComponentChildren, VNode } from 'preact'
import type { Level } from '#bridges/core/devices'

/** How something stands: a disc is good, half a disc waits, a square is wrong, a ring is nothing. The word stands beside it. */
export function Mark({ level }: { level: Level | 'none' }): VNode {
  return <i class="mark" data-level={level} aria-hidden="true" />
}

export function Stands({ level, children }: { level: Level | 'none'; children: ComponentChildren }): VNode {
  return (
    <p class="stands" data-level={level}>
      <Mark level={level} />
      <span>{children}</span>
    </p>
  )
}
