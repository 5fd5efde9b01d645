import { describe, expect, it } from 'vitest'
import { invocation } from '#test/support/invocation'
import { UsageError } from './command.ts'
import { command } from './picture.ts'

const defaults = Object.fromEntries(command.options.map(({ name, default: text = '' }) => [name, text]))

describe('gruppetto picture', () => {
  it.each([
    [{ size: '1280' }, '--size 1280'],
    [{ size: '99999x10' }, '--size 99999x10'],
    [{ camera: 'drone' }, '--camera drone'],
    [{ quality: 'best' }, '--quality best'],
    [{ world: '../secret' }, '--world ../secret'],
    [{ world: 'nowhere' }, '--world nowhere'],
  ])('refuses %j and names it', async (options, named) => {
    const run = command.run(invocation(['out.png'], { ...defaults, ...options }))
    await expect(run).rejects.toThrow(UsageError)
    await expect(run).rejects.toThrow(named)
  })
})
