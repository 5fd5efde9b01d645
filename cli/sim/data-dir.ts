import { resolve } from 'node:path'

/** The folder of `server/config.ts`, for commands that need a key out of it and nothing else. */
export const dataDir = (): string => resolve(process.env['GRUPPETTO_DATA_DIR'] ?? 'data')
