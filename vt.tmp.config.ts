import config from './vitest.config.ts'
for (const p of (config as any).test.projects) {
  p.test.setupFiles = ['/tmp/s2/rec.ts']
  p.server = { fs: { strict: false } }
}
export default config
