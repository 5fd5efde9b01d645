/**
 * A frame of each ride, kept in this browser and nowhere else: the picture of a summary. IndexedDB, because pictures are too
 * large for anything else here; where it is switched off there is no picture, and the summary does without.
 */
const NAME = 'gruppetto-pictures'
const STORE = 'pictures'
/** The newest so many; a picture is some 60 kB. */
const PICTURES_MAX = 100
const WIDTH = 960
const QUALITY = 0.82

/** The canvas as it stands now: to be called in the very task that drew it, or it is blank. */
export function takePicture(canvas: HTMLCanvasElement): Promise<Blob | undefined> {
  const scale = Math.min(1, WIDTH / Math.max(1, canvas.width))
  const copy = document.createElement('canvas')
  copy.width = Math.max(1, Math.round(canvas.width * scale))
  copy.height = Math.max(1, Math.round(canvas.height * scale))
  copy.getContext('2d')?.drawImage(canvas, 0, 0, copy.width, copy.height)
  return new Promise((resolve) => copy.toBlob((blob) => resolve(blob ?? undefined), 'image/jpeg', QUALITY))
}

export async function keepPicture(rideId: string, picture: Blob, atMs: number): Promise<void> {
  await within('readwrite', (pictures) => {
    pictures.put({ rideId, picture, atMs })
    const oldest = pictures.index('atMs').openKeyCursor(null, 'prev')
    let count = 0
    oldest.onsuccess = () => {
      const cursor = oldest.result
      if (cursor === null) return
      if (++count > PICTURES_MAX) pictures.delete(cursor.primaryKey)
      cursor.continue()
    }
  })
}

export async function pictureOf(rideId: string): Promise<Blob | undefined> {
  let found: IDBRequest<unknown> | undefined
  await within('readonly', (pictures) => {
    found = pictures.get(rideId)
  })
  const value = found?.readyState === 'done' ? found.result : undefined
  const picture: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'picture') : undefined
  return picture instanceof Blob ? picture : undefined
}

/** One piece of work with the pictures; what cannot be is as if there were none. */
async function within(mode: IDBTransactionMode, work: (pictures: IDBObjectStore) => void): Promise<void> {
  await new Promise<void>((resolve) => {
    let opening: IDBOpenDBRequest
    try {
      opening = indexedDB.open(NAME, 1)
    } catch {
      return resolve() // Switched off.
    }
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(STORE, { keyPath: 'rideId' }).createIndex('atMs', 'atMs')
    }
    opening.addEventListener('error', () => resolve())
    opening.addEventListener('blocked', () => resolve())
    opening.onsuccess = () => {
      const base = opening.result
      const done = (): void => {
        base.close()
        resolve()
      }
      const transaction = base.transaction(STORE, mode)
      transaction.addEventListener('complete', done)
      transaction.addEventListener('abort', done)
      work(transaction.objectStore(STORE))
    }
  })
}
