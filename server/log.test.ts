import { expect, test } from 'vitest'
import { createLog } from './log.ts'

test('where nobody sits, a line is one JSON object with time and level', () => {
  const lines: string[] = []
  createLog('info', { write: (line) => lines.push(line) }).info({ room: 'r1', riders: 3 }, 'a room\nopened')
  expect(lines).toHaveLength(1)
  expect(lines[0]!.match(/\n/g)).toHaveLength(1)
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 30, room: 'r1', riders: 3, msg: 'a room\nopened' })
  expect(Date.parse((JSON.parse(lines[0]!) as { time: string }).time)).toBeGreaterThan(0)
})

test('on a terminal a line is a sentence, and the line of every second stays away unless asked for', () => {
  const lines: string[] = []
  const sink = { write: (line: string) => lines.push(line), isTTY: true }
  createLog('info', sink).info({ kind: 'room-second', riders: 3 })
  createLog('info', sink).warn({ setting: 'GRUPPETTO_STORE', note: 'two words' }, 'Using PGlite.')
  createLog('debug', sink).info({ kind: 'room-second', riders: 3 })
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn {2}Using PGlite\. setting=GRUPPETTO_STORE note="two words"\n$/)
  expect(lines[1]).toContain('riders=3')
})

test('below the level nothing is written', () => {
  const lines: string[] = []
  createLog('warn', { write: (line) => lines.push(line) }).info('no')
  createLog('silent', { write: (line) => lines.push(line) }).error('no')
  expect(lines).toEqual([])
})
