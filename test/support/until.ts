/** Below vitest.config.ts's limit of 30 s, so that a test which waits in vain says for what. */
const PATIENCE_MS = 20_000
const LOOK_MS = 5

/** Waits for something that happens on real time; a busy machine may take a while. */
export async function until(what: string, isTrue: () => boolean, withinMs = PATIENCE_MS): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!isTrue()) {
    if (performance.now() > endMs) throw new Error(`Waited ${withinMs} ms in vain for: ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}
