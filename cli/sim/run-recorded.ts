import type { Invocation, Report } from '../command.ts'
export async function runRecorded(_invocation: Invocation, _path: string): Promise<Report> {
  throw new Error('not yet')
}
