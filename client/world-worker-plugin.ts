import type { Plugin } from 'vite'

/**
 * The worker that builds worlds is built together with the page, so that what both run is fetched once: bundled apart, as
 * workers are otherwise, it would carry it a second time.
 */
export function worldWorker(): Plugin {
  return {
    name: 'world-worker',
    enforce: 'pre',
    apply: 'build',
    transform(code, id) {
      const asked = "new URL('./world-worker.ts', import.meta.url)"
      if (!id.endsWith('/client/view/world-source.ts')) return null
      if (!code.includes(asked))
        return this.error('client/world-worker-plugin.ts: world-source.ts asks otherwise for its worker')
      const file = this.emitFile({
        type: 'chunk',
        id: id.replace('world-source', 'world-worker'),
        name: 'world-worker',
      })
      return { code: code.replace(asked, `import.meta.ROLLUP_FILE_URL_${file}`), map: null }
    },
  }
}
