import { render, type ComponentChildren, type VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

export type SlotName = 'trainer' | 'junction' | 'steering' | 'dock'

/** Draws what it holds into a place of the instruments' grid, so that nothing of the page can lie over them. */
export function InSlot({ name, children }: { name: SlotName; children: ComponentChildren }): VNode | null {
  const slot = useRef<HTMLElement | null>(null)
  useLayoutEffect(() => {
    slot.current ??= document.querySelector<HTMLElement>(`.hud [data-slot=${name}]`)
    if (slot.current !== null) render(<>{children}</>, slot.current)
  })
  useLayoutEffect(
    () => () => {
      if (slot.current !== null) render(null, slot.current)
    },
    [],
  )
  return null
}
