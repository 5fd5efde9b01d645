/** Rows of package-lock.json, as far as they are read here. */
export type LockRows = Readonly<Record<string, LockRow>>
interface LockRow {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/**
 * Folders below node_modules that these packages need to run, theirs included, as the lock has laid them: a name is looked
 * for beside the package that asks, then one folder further out, as Node does. Names that are nowhere are optional ones
 * which this machine could not have.
 */
export function closureOf(lock: LockRows, names: readonly string[]): string[] {
  const found = new Set<string>()
  const look = (from: string, name: string): void => {
    for (let at = from; ; at = outer(at)) {
      const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`
      const row = lock[path]
      if (row !== undefined) {
        if (found.has(path)) return
        found.add(path)
        for (const next of Object.keys({ ...row.dependencies, ...row.optionalDependencies })) look(path, next)
        return
      }
      if (at === '') return
    }
  }
  for (const name of names) look('', name)
  return [...found].toSorted()
}

/** `node_modules/a/node_modules/@b/c` → `node_modules/a` → ``. */
function outer(path: string): string {
  const at = path.lastIndexOf('/node_modules/')
  return at === -1 ? '' : path.slice(0, at)
}
