import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Every text of the project by its path from the root, with `/` between folders; files of no known kind stand there empty, so that
 * somebody sees them. A test hands in a handful of its own.
 */
export type Tree = ReadonlyMap<string, string>

const NOT_OURS = new Set(['node_modules', 'dist', 'data', '.git'])
/** Binary by design; the last ones are machines' own, and in .gitignore. */
const NOT_TEXT = /\.(png|jpg|bin|log|DS_Store|pyc)$/
const TEXT =
  /(\.(ts|tsx|mjs|js|json|md|txt|py|html|css|yml|yaml|sh|svg)|LICENSE|run|\.npmrc|\.gitignore|\.oxlintrc|\.oxfmtrc)$/

export function readTree(root: string): Tree {
  const tree = new Map<string, string>()
  collect(root, '', tree)
  return tree
}

function collect(root: string, folder: string, tree: Map<string, string>): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (NOT_OURS.has(entry.name)) continue // In a worktree .git is a file.
    if (entry.isDirectory()) collect(root, path, tree)
    else if (entry.isFile() && !NOT_TEXT.test(entry.name))
      tree.set(path, isText(path) ? readFileSync(join(root, path), 'utf8') : '')
  }
}

export const isText = (path: string): boolean => TEXT.test(path)
