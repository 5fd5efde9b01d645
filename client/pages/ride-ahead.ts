let begun: Promise<unknown> | undefined

/**
 * While a name is typed, what every ride is made of comes and is read, when the page has nothing else to do: the click
 * finds it there. Not for who asked their browser to save data. docs/client.md [V113]
 */
export function rideAhead(): void {
  const { connection } = navigator as Navigator & { readonly connection?: { readonly saveData?: boolean } }
  if (connection?.saveData === true) return
  begun ??= quiet()
    .then(async () => {
      const [{ prepareAhead }] = await Promise.all([
        import('../ride.ts'),
        import('./ride.tsx'),
        import('../entry.ts'),
        import('../input/simulated-trainer.ts'),
      ])
      await prepareAhead()
    })
    // The line is down: the click tries again, and says so.
    .catch(() => (begun = undefined))
}

function quiet(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve(), { timeout: QUIET_MS })
    else setTimeout(resolve, QUIET_MS / 4)
  })
}

const QUIET_MS = 1000
