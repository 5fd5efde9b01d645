import { readRider } from '../pages/memory.ts'

/** The browser offers to install the page: kept until somebody wants it. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>
}
let offered: InstallPrompt | undefined
const listeners = new Set<() => void>()

/** Hears when the page can be installed, and when it no longer can; the result ends it. */
export function onInstallable(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const isInstallable = (): boolean => offered !== undefined

export async function install(): Promise<void> {
  const prompt = offered
  offered = undefined
  await prompt?.prompt()
  for (const listener of listeners) listener()
}

/**
 * The worker that keeps the page's files; only a secure page may have one. When a new build has come, pages change to
 * it while nobody looks at them, and never under a ride.
 */
export function registerShell(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    offered = event as InstallPrompt
    for (const listener of listeners) listener()
  })
  if (!('serviceWorker' in navigator) || !isSecureContext) return
  const { serviceWorker } = navigator
  let isOld = false
  const hadOne = serviceWorker.controller !== null
  serviceWorker.addEventListener('controllerchange', () => (isOld = hadOne))
  document.addEventListener('visibilitychange', () => {
    if (isOld && document.hidden && readRider()?.isRiding !== true) location.reload()
  })
  // Not there, or switched off: the page works all the same.
  const register = (): void => void serviceWorker.register('/sw.js').catch(() => {})
  // Words in another language are waited for: the page may be complete by then.
  if (document.readyState === 'complete') register()
  else addEventListener('load', register)
}
