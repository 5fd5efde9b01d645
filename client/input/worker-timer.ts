/** Calls back every `intervalMs`, in a hidden tab too; the result stops it. */
export function startWorkerTimer(intervalMs: number, callback: () => void): () => void {
  const worker = new Worker(new URL('./timer-worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', callback)
  worker.postMessage(intervalMs)
  return () => worker.terminate()
}
