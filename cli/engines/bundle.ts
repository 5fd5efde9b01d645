import { fileURLToPath } from 'node:url'

/** The scenario and everything it reaches, as one plain script that leaves `Scenario` behind; no module, no import. */
export async function bundleScenario(): Promise<string> {
  const { build } = await import('vite')
  const built = await build({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      lib: {
        entry: fileURLToPath(new URL('entry.ts', import.meta.url)),
        formats: ['iife'],
        name: 'Scenario',
      },
    },
  })
  const outputs = Array.isArray(built) ? built : [built]
  for (const output of outputs) {
    if (!('output' in output)) continue
    for (const chunk of output.output) if (chunk.type === 'chunk' && chunk.isEntry) return chunk.code
  }
  throw new Error('the bundler made no script')
}
