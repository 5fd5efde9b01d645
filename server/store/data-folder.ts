import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AppError } from '../errors.ts'
import { reason } from './postgres.ts'

/** The folder that GRUPPETTO_DATA_DIR names, held by this server alone until `release`. */
export interface DataFolder {
  readonly path: string
  release(): Promise<void>
}

export async function holdDataFolder(path: string): Promise<DataFolder> {
  const folder = resolve(path)
  const lock = join(folder, 'server.pid')
  try {
    // Others may pass through (the database runs as `nobody` under root), not look around.
    await mkdir(folder, { recursive: true, mode: 0o711 })
    const holder = await aliveHolder(lock)
    if (holder !== undefined) {
      throw new AppError(
        'ERR_CONFIG',
        `The data folder ${folder} is in use by the server with process id ${holder}: stop it, or set GRUPPETTO_DATA_DIR to another folder.`,
      )
    }
    await writeFile(lock, `${process.pid}\n`, { mode: 0o600 })
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError(
      'ERR_CONFIG',
      `The data folder ${folder} cannot be written (${reason(cause)}): set GRUPPETTO_DATA_DIR to a folder of yours.`,
      { cause },
    )
  }
  return { path: folder, release: async () => await rm(lock, { force: true }) }
}

/** The process that wrote the lock, if it still is one of ours: a number is soon somebody else's, most of all in a container. */
async function aliveHolder(lock: string): Promise<number | undefined> {
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).trim())
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return undefined
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined
  }
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  // Without /proc (macOS) the number alone has to do.
  return commandLine === undefined || /serve|gruppetto/.test(commandLine) ? pid : undefined
}
