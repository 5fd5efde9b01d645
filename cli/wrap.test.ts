import { expect, test } from 'vitest'
import { COMMANDS } from './list.ts'
import { commandHelp, listHelp } from './print.ts'
import { wrapLine, wrapText } from './wrap.ts'

test('a line is broken between words, its second column stays one, and an address is never broken', () => {
  expect(wrapLine('  resistance 40      a fixed resistance, in percent', 44)).toEqual([
    '  resistance 40      a fixed resistance, in',
    '                     percent',
  ])
  const address = 'http://127.0.0.1:8215/#abcdefghijklmnopqrstuvwx'
  expect(wrapLine(`your legs on a page: ${address}`, 40)).toEqual(['your legs on a page:', address])
  expect(wrapLine('fits', 4)).toEqual(['fits'])
})

test('paragraphs flow; headings and indented lines stay lines', () => {
  expect(wrapText('One two three\nfour five.\nExample:\n  run it\n\nLast', 24)).toEqual([
    ...['One two three four five.', 'Example:', '  run it', '', 'Last'],
  ])
  expect(wrapText('Of those with a moment\nthese strike:\n  dropout', 80)[0]).toBe(
    'Of those with a moment these strike:',
  )
})

test('[B153] every command explains itself within 80 columns, but for what cannot be broken', async () => {
  const out = { write() {}, isTerminal: false, width: 80, hasColour: false }
  const texts = [listHelp(COMMANDS, out)]
  for (const listed of COMMANDS) texts.push(commandHelp(await listed.load(), out))
  const tooLong = texts
    .flatMap((text) => text.split('\n'))
    // A line to copy stays whole.
    .filter((line) => line.length > 80 && !/^ {2}(gruppetto|npx|for|curl) /.test(line))
  expect(tooLong).toEqual([])
})
