import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { shellPlugin } from './shell/shell-plugin.ts'
import { groupOf } from './bundle-groups.ts'
import { leanShaderNames } from './lean-shader-names.ts'
import { leanShaders } from './lean-shaders.ts'
import { gzipPlugin } from './small-gzip.ts'
import { worldWorker } from './world-worker-plugin.ts'
import { leanNames } from './lean-names.ts'
import { leanThree } from './lean-three.ts'

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** The client is one Vite app; `#physics/*` and its kin resolve through package.json "imports", as they do in Node. */
export default defineConfig(({ mode }) => ({
  root: here('.'),
  plugins: [leanNames(), leanThree(), leanShaderNames(), leanShaders(), worldWorker(), shellPlugin(), gzipPlugin()],
  // The same page whoever builds it: with NODE_ENV=test it would carry paths and line numbers of this machine.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: false,
    // Every asset is a file with a hash in its name, so that a strict content policy needs no `data:`.
    assetsInlineLimit: 0,
    // A worker has no document to put links into.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, links, { hostId }) => (hostId.includes('world-worker') ? [] : links),
    },
    reportCompressedSize: false,
    // three.js alone is larger than the default warning; the join page loads none of it.
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      // `gruppetto demo` builds one film and nothing else.
      input:
        mode === 'demo'
          ? here('demo.html')
          : {
              index: here('index.html'),
              sw: here('shell/service-worker.ts'),
            },
      output: {
        // The worker's address is its name: it stays the same from build to build.
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: groupOf, debugName: 'groupOf' }] },
      },
    },
  },
}))
