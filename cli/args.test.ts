import { describe, expect, it } from 'vitest'
import { parseArguments } from './args.ts'
import { UsageError, type Command } from './command.ts'
import { editDistance, nearest } from '#server/nearest'

const command: Command = {
  name: 'sim',
  summary: 'a simulation',
  positionals: ['FILE', 'OTHER?'],
  options: [
    { name: 'seed', value: 'N', summary: 'the seed', default: '8214' },
    { name: 'grade', value: 'G', summary: 'a grade' },
    { name: 'race', summary: 'a race' },
    { name: 'rider', value: 'NAME', summary: 'a rider', repeated: true },
  ],
  run: () => Promise.resolve(0),
}
const parse = (...argv: string[]) => parseArguments(command, argv)
const refusal = (...argv: string[]): string => {
  try {
    parse(...argv)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  return 'not refused'
}

describe('parseArguments', () => {
  it('[C1] takes options before, between and after what stands without a dash, with = or a space', () => {
    const given = parse('--seed', '7', 'a.json', '--race', '--grade=0.05', 'b.json')
    expect(given.positionals).toEqual(['a.json', 'b.json'])
    expect([given.text('seed'), given.text('grade'), given.flag('race')]).toEqual(['7', '0.05', true])
  })

  it('[C1] gives the default, or undefined where there is none', () => {
    const given = parse('a.json')
    expect([given.text('seed'), given.text('grade'), given.flag('race')]).toEqual(['8214', undefined, false])
    expect(given.number('seed', { min: 0, max: 9999 })).toBe(8214)
    expect(given.number('grade', { min: 0, max: 1 })).toBeUndefined()
  })

  it('[C1] keeps every value of an option that may be repeated, and refuses the others a second time', () => {
    expect(parse('a', '--rider', 'Ana', '--rider=Bo').all('rider')).toEqual(['Ana', 'Bo'])
    expect(refusal('a', '--seed', '1', '--seed', '2')).toBe('--seed was given twice: "1" and "2"')
  })

  it('[C1] takes a negative number for a value, and everything after -- as it is', () => {
    expect(parse('a', '--grade', '-0.05').number('grade', { min: -1, max: 1 })).toBe(-0.05)
    expect(parse('--', '--seed', '-x').positionals).toEqual(['--seed', '-x'])
  })

  it('[C2] names the nearest option to one it does not know', () => {
    expect(refusal('a', '--sed', '7')).toBe('"sim" has no option --sed; did you mean --seed?')
    expect(refusal('a', '--rcae')).toBe('"sim" has no option --rcae; did you mean --race?')
    expect(refusal('a', '--jsno')).toBe('"sim" has no option --jsno; did you mean --json?')
    expect(refusal('a', '--watermelon')).toBe('"sim" has no option --watermelon')
    expect(refusal('a', '-s', '7')).toMatch(/^"sim" has no option -s/)
  })

  it('[C2] says in one sentence which value is missing or too much', () => {
    expect(refusal('a', '--seed')).toBe('--seed needs a value: --seed N')
    expect(refusal('a', '--seed', '--race')).toBe('--seed needs a value: --seed N')
    expect(refusal('a', '--seed=')).toBe('--seed needs a value, not an empty one')
    expect(refusal('a', '--race=yes')).toBe('--race takes no value')
    expect(refusal()).toBe('"sim" needs FILE')
    expect(refusal('a', 'b', 'c')).toBe('"sim" takes FILE OTHER; "c" is one too many')
  })

  it.each([
    ['seven', { min: 0, max: 9 }, '--seed takes a number from 0 to 9, not "seven"'],
    ['1.5', { min: 0, max: 9, isWhole: true }, '--seed takes a whole number from 0 to 9, not "1.5"'],
    ['10', { min: 0, max: 9 }, '--seed takes a number from 0 to 9, not "10"'],
    ['-1', { min: 0, max: Infinity }, '--seed takes a number of at least 0, not "-1"'],
    ['0x10', { min: 0, max: 99 }, '--seed takes a number from 0 to 99, not "0x10"'],
    ['Infinity', { min: -Infinity, max: Infinity }, '--seed takes a number, not "Infinity"'],
    ['1e999', { min: 0, max: 9 }, '--seed takes a number from 0 to 9, not "1e999"'],
  ])('[C2] refuses %s where a number in a range belongs', (text, range, sentence) => {
    expect(() => parse('a', `--seed=${text}`).number('seed', range)).toThrow(sentence)
  })

  it('[C2] refuses a command without an option it cannot run without, but not its --help', () => {
    const strict = { ...command, options: [{ name: 'to', value: 'HOST', summary: 'where to', isRequired: true }] }
    expect(() => parseArguments(strict, ['a'])).toThrow('"sim" needs --to HOST: where to')
    expect(parseArguments(strict, ['--help']).isHelp).toBe(true)
  })

  it('[C3] takes asking for an option that is not listed for broken code, not for a mistake of the user', () => {
    expect(() => parse('a').text('sede')).toThrow('cli/sim.ts asks for --sede, which it does not list')
  })
})

describe('nearest', () => {
  it('[C2] counts insertions, deletions, replacements and swaps', () => {
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('trainer', 'trainer')).toBe(0)
    expect(editDistance('replya', 'replay')).toBe(1)
    expect(editDistance('kitten', 'sitting')).toBe(3)
  })

  it('[C2] answers nothing when nothing is near, and completes a beginning', () => {
    const names = ['serve', 'sim', 'trainer-sim', 'check-physics', 'check-trainers']
    expect(nearest('xylophone', names)).toBeUndefined()
    expect(nearest('train', names)).toBe('trainer-sim')
    expect(nearest('check-phisics', names)).toBe('check-physics')
    expect(nearest('SIM', names)).toBe('sim')
  })
})
