// Is everything here that the lock names, and which Node runs it? Plain JavaScript for Node 20, and no package: it is asked
// before anything is installed, by gruppetto.mjs and by test/run.mjs.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
/** From here on Node runs TypeScript without a flag and without a warning. */
const NODE_OLDEST = [24, 12]
export const NODE_OLDEST_TEXT = NODE_OLDEST.join('.')

/**
 * True when every package of the lock is there in that version: npm writes down what it has installed. Optional packages may
 * be missing where they have no binary, those for developers where nobody tests.
 *
 * @param {{ isForTests: boolean }} options
 */
export function holdsWhatTheLockNames({ isForTests }) {
  const listPath = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(listPath)) return false
  const present = JSON.parse(readFileSync(listPath, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, { version, optional, dev }]) =>
      path === '' || optional || (dev && !isForTests) || present[path]?.version === version,
  )
}

/** The Node that npm brought, if it has one for this machine. */
export function bundledNode() {
  const path = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(path) ? path : undefined
}

/** This Node strips types. */
export function isNewEnough(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [majorOldest = 0, minorOldest = 0] = NODE_OLDEST
  return major > majorOldest || (major === majorOldest && minor >= minorOldest)
}
