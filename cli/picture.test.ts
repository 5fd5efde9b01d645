import { describe, expect, it } from 'vitest'
import { UsageError, type Invocation } from './command.ts'
import { command } from './picture.ts'

function invocation(options: Record<string, string>): Invocation {
  const text = (name: string) => options[name] ?? command.options.find((option) => option.name === name)?.default
  return {
    positionals: ['out.png'],
    text,
    number: (name) => Number(text(name)),
    flag: () => false,
    all: () => [],
    isJson: true,
    progress: () => {},
    say: () => {},
    signal: new AbortController().signal,
  }
}

describe('gruppetto picture', () => {
  it.each([
    [{ size: '1280' }, '--size 1280'],
    [{ size: '99999x10' }, '--size 99999x10'],
    [{ camera: 'drone' }, '--camera drone'],
    [{ quality: 'best' }, '--quality best'],
    [{ world: '../secret' }, '--world ../secret'],
    [{ world: 'nowhere' }, '--world nowhere'],
  ])('refuses %j and names it', async (options, named) => {
    const run = command.run(invocation(options))
    await expect(run).rejects.toThrow(UsageError)
    await expect(run).rejects.toThrow(named)
  })
})
