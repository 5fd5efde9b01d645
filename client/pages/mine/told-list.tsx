import type { VNode } from 'preact'
import type { Told } from './ride-text.ts'

/** Figures with their names and units; what there is no figure of has no row. */
export function ToldList({
  rows,
  class: kind,
}: {
  rows: readonly (readonly [label: string, told: Told | undefined])[]
  class: string
}): VNode {
  return (
    <dl class={kind}>
      {rows.map(
        ([label, told]) =>
          told !== undefined && (
            <div key={label}>
              <dt>{label}</dt>
              <dd class="number">
                {told.value} <span>{told.unit}</span>
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}
