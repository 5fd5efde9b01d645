import { useLayoutEffect } from 'preact/hooks'

/** What lies in the corner above the states stands on them, however many lines their words take. */
export function useStandOnStates(): void {
  useLayoutEffect(() => {
    const states = document.querySelector('.hud-states')
    if (states === null) return undefined
    const page = states.closest<HTMLElement>('.ride')
    const sized = new ResizeObserver(() => {
      page?.style.setProperty('--states-px', `${states.getBoundingClientRect().height}px`)
    })
    sized.observe(states)
    return () => sized.disconnect()
  }, [])
}
