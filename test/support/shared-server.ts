import type { TestProject } from 'vitest/node'
import { startLocalServer } from '#cli/local-server'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the one real server all browser tests ride on. */
    serverUrl: string
    /** As its first start printed it. */
    adminToken: string
  }
}

/** vitest's global set-up of the browser project: one server for all its files. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startLocalServer()
  project.provide('serverUrl', server.url)
  project.provide('adminToken', /keep it: (\S+)/.exec(server.output())?.[1] ?? '')
  return async () => {
    await server.stop()
  }
}
