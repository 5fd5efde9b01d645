import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'
import { iconPng } from './icon-png.ts'

/** What makes the page a thing one installs: manifest, icons, the words for an absent server, and the worker that keeps them. */

const NAME = 'Gruppetto'
const COLOR = '#171310'
const ICONS = [
  { file: 'icon-192.png', sidePx: 192, isMaskable: false },
  { file: 'icon-512.png', sidePx: 512, isMaskable: false },
  { file: 'icon-maskable-512.png', sidePx: 512, isMaskable: true },
  // Apple's own size, and corners cut by the system.
  { file: 'apple-touch-icon.png', sidePx: 180, isMaskable: true },
] as const
export function shellPlugin(): Plugin {
  return {
    name: 'gruppetto-shell',
    // A film in a folder is looked at, not installed: its host, its address and its other pages are somebody else's.
    apply: (_config, { command, mode }) => command === 'build' && mode !== 'demo',
    // Last: what other plugins take out of the build is then out.
    enforce: 'post',
    generateBundle(_options, bundle) {
      const emit = (fileName: string, source: string | Uint8Array): void => {
        this.emitFile({ type: 'asset', fileName, source })
      }
      for (const { file, sidePx, isMaskable } of ICONS) emit(file, iconPng(sidePx, isMaskable))
      emit('manifest.webmanifest', JSON.stringify(manifest()))
      emit('offline.html', readFileSync(new URL('offline.html', import.meta.url), 'utf8'))
      const worker = Object.values(bundle).find((file) => file.type === 'chunk' && file.name === 'sw')
      if (worker?.type !== 'chunk') return
      worker.code = `const SHELL_FILES = ${JSON.stringify(shellFiles(bundle))};\n${worker.code}`
    },
  }
}

interface Built {
  readonly [file: string]: {
    readonly type: string
    readonly name?: string | undefined
    readonly imports?: readonly string[]
    readonly viteMetadata?: { readonly importedCss: ReadonlySet<string> } | undefined
  }
}

/**
 * What every page begins with; the rest is kept once somebody has asked for it, so that the worker fetches nothing that
 * nobody wants. In the order of names: the same build is the same worker, and another is another, for the first script
 * names all that may follow.
 */
function shellFiles(bundle: Built): readonly string[] {
  const files = new Set(Object.keys(bundle).filter((file) => bundle[file]!.name === 'index' && file.endsWith('.js')))
  for (const file of files) {
    for (const next of bundle[file]?.imports ?? []) files.add(next)
    for (const style of bundle[file]?.viteMetadata?.importedCss ?? []) files.add(style)
  }
  return ['offline.html', 'icon-192.png', ...files].toSorted().map((file) => `/${file}`)
}

function manifest(): unknown {
  return {
    ...{ name: NAME, short_name: NAME, lang: 'en', start_url: '/', scope: '/', id: '/' },
    description: 'A shared road for everybody with a trainer: open, self-hosted, the same race for every rider.',
    ...{ display: 'standalone', background_color: COLOR, theme_color: COLOR, categories: ['sports', 'games'] },
    icons: ICONS.map(({ file, sidePx, isMaskable }) => ({
      ...{ src: `/${file}`, sizes: `${sidePx}x${sidePx}`, type: 'image/png' },
      purpose: isMaskable ? 'maskable' : 'any',
    })),
    shortcuts: [
      { name: 'Roads', url: '/roads' },
      { name: 'Meet up', url: '/meet' },
    ],
  }
}
