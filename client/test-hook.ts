type State = () => Readonly<Record<string, unknown>>

declare global {
  interface Window {
    /** Read-only: what the client knows, for browser tests, `bench client` and the curious. */
    readonly __gruppetto?: { readonly state: () => Readonly<Record<string, unknown>> | undefined }
  }
}

let current: State | undefined

/** The ride that is on, or none. */
export function publishState(state: State | undefined): void {
  current = state
  if (window.__gruppetto) return
  Object.defineProperty(window, '__gruppetto', { value: Object.freeze({ state: () => current?.() }) })
}
