import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

export interface CodecSize {
  readonly files: number
  readonly minifiedBytes: number
  readonly gzipBytes: number
}

const CORE = new URL('../../bridges/core/', import.meta.url)
/** What turns bytes into quantities and back; the rest of the room decides what is done with them. */
const APART = [
  'ant-burst.ts',
  'ant-frame.ts',
  'ant-framer.ts',
  'ant-message.ts',
  'ant-page.ts',
  'heart-beats.ts',
  'revolutions.ts',
  'torque.ts',
]
const ENTRY = '\0codec'

/** Every profile and page with all it exports, bundled and minified as the client is, nothing shaken off. */
export async function measureCodecSize(): Promise<CodecSize> {
  const files = [...codecFiles('profiles'), ...codecFiles('pages'), ...APART]
  const entry = files.map((file) => `export * from ${JSON.stringify(fileURLToPath(new URL(file, CORE)))}`).join('\n')
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'codec-entry',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? entry : null),
      },
    ],
    build: {
      write: false,
      minify: true,
      target: 'es2024',
      rolldownOptions: { input: ENTRY, preserveEntrySignatures: 'strict', output: { format: 'es' } },
    },
  })
  const { output } = built as Rolldown.RolldownOutput
  const code = output.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('')
  return { files: files.length, minifiedBytes: Buffer.byteLength(code), gzipBytes: gzipSync(code, { level: 9 }).length }
}

const codecFiles = (folder: string): string[] =>
  readdirSync(new URL(`${folder}/`, CORE))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => `${folder}/${file}`)
