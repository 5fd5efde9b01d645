/// <reference lib="webworker" />

/**
 * Keeps the page's own files, so that it opens at once and says something when the server is away. It never answers for
 * the server: what riders and races are is asked each time. Small on purpose: what is wrong here outlives its fix.
 */
declare const self: ServiceWorkerGlobalScope
/** Put in by the build: the files to fetch ahead; another list is another worker. */
declare const SHELL_FILES: readonly string[]

const PREFIX = 'gruppetto-shell-'
const OFFLINE = '/offline.html'
const NAME = PREFIX + hashOf(SHELL_FILES.join(' '))
/** This worker's files, and those of the one before: a page that is still open may ask for them. */
const GENERATIONS = 2

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(async () => await self.skipWaiting()))
})

/** Without the words for an absent server there is no worker; any other file that does not come is fetched when it is wanted. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(NAME)
  // What has a hash in its name the page has just fetched: nobody fetches it twice.
  const ahead = (path: string): Request => new Request(path, path.startsWith('/assets/') ? {} : { cache: 'reload' })
  await cache.add(ahead(OFFLINE))
  await Promise.allSettled(SHELL_FILES.map(async (path) => await cache.add(ahead(path))))
}

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith(PREFIX) && name !== NAME).toReversed())
      // Names come in the order they were made: the newest of the old ones stays.
      .then(async (old) => await Promise.all(old.slice(GENERATIONS - 1).map(async (name) => await caches.delete(name))))
      .then(async () => await self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  // The page itself: the server's, and words instead of it while the server is away.
  if (request.mode === 'navigate') return event.respondWith(pageOf(request))
  // Files with a hash in their name never change.
  if (pathname.startsWith('/assets/')) event.respondWith(assetOf(request))
})

async function pageOf(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request)
    // A proxy stands there whose server is being started again.
    if (answer.status !== 502 && answer.status !== 504) return answer
    return (await caches.match(OFFLINE)) ?? answer
  } catch (error) {
    const offline = await caches.match(OFFLINE)
    if (offline === undefined) throw error
    return offline
  }
}

async function assetOf(request: Request): Promise<Response> {
  const known = await caches.match(request)
  if (known !== undefined) return known
  const answer = await fetch(request)
  if (answer.ok) {
    const copy = answer.clone()
    const cache = await caches.open(NAME)
    await cache.put(request, copy).catch(() => {}) // A full disk: the page works, it only fetches again.
  }
  return answer
}

/** FNV-1a: names, not secrets. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash.toString(16)
}
