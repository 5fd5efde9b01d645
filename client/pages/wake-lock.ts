import { useEffect } from 'preact/hooks'

/** The screen stays awake while the page is up: taken again whenever it is looked at again, for hiding it lets go. */
export function useWakeLock(): void {
  useEffect(() => {
    const { wakeLock } = navigator as { readonly wakeLock?: WakeLock }
    if (wakeLock === undefined) return undefined // A page that came by plain HTTP has none.
    let lock: WakeLockSentinel | undefined
    let isOver = false
    const take = (): void => {
      if (document.visibilityState !== 'visible' || (lock !== undefined && !lock.released)) return
      wakeLock.request('screen').then(
        (taken) => {
          lock = taken
          if (isOver) void taken.release()
        },
        () => {}, // Battery saver, or a policy: the screen does as it likes.
      )
    }
    take()
    document.addEventListener('visibilitychange', take)
    return () => {
      isOver = true
      document.removeEventListener('visibilitychange', take)
      void lock?.release()
    }
  }, [])
}
