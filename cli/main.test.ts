import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { figure, report, UsageError, type Command, type Invocation } from './command.ts'
import { COMMANDS, type Listed } from './list.ts'
import { main, type Surroundings } from './main.ts'
import { buildHouse, packageOf } from '#test/house/house'
import { reachable } from '#test/house/purity'
import { readTree } from '#test/house/tree'

/** A command that does what the test wants, and everything it printed. */
async function run(argv: readonly string[], body: Command['run'] = () => Promise.resolve(0), more: Partial<Rig> = {}) {
  const command: Command = {
    name: 'sim',
    summary: 'one seed, one hash',
    positionals: ['FILE?'],
    options: [
      { name: 'seed', value: 'N', summary: 'the seed', default: '8214' },
      { name: 'race', summary: 'a race' },
    ],
    details: 'Exit codes: 0 when every figure holds.',
    run: body,
  }
  let out = ''
  let err = ''
  let nowMs = 0
  const commands: Listed[] = [
    { name: 'sim', summary: command.summary, load: () => Promise.resolve(command) },
    { name: 'serve', summary: 'never loaded', load: () => Promise.reject(new Error('loaded')) },
  ]
  const paper = { isTerminal: more.isTerminal === true, width: 80, hasColour: false }
  const at: Surroundings = {
    commands,
    out: { ...paper, write: (text) => void (out += text) },
    err: { ...paper, write: (text) => void (err += text) },
    env: more.env ?? {},
    signal: new AbortController().signal,
    nowMs: () => (nowMs += more.stepMs ?? 0),
  }
  const code = await main(argv, at)
  return { code, out, err }
}

interface Rig {
  readonly env: Record<string, string>
  readonly isTerminal: boolean
  readonly stepMs: number
}

const measured = () =>
  Promise.resolve(
    report({
      hash: { value: 'b00dbae5f2c1a977', unit: '' },
      'ms per tick': figure(1.25, 'ms', { atMost: 5 }),
      speed: figure(1234.5, '×', { atLeast: 2000 }),
    }),
  )

describe('main', () => {
  it('[C4] lists the commands without loading one', async () => {
    const { code, out } = await run(['--help'])
    expect(code).toBe(0)
    expect(out).toContain('  sim    one seed, one hash\n  serve  never loaded\n')
    expect((await run([])).out).toBe(out)
  })

  it('[C4] writes the help of a command from the command', async () => {
    const { code, out } = await run(['sim', '--help'])
    expect(code).toBe(0)
    expect(out).toBe(
      [
        'gruppetto sim: one seed, one hash',
        '',
        'Usage: gruppetto sim [FILE] [options]',
        '',
        'Options:',
        '  --seed N  the seed (default: 8214)',
        '  --race    a race',
        '  --json    print one JSON object on stdout, and nothing else',
        '  --help    this text',
        '',
        'Exit codes: 0 when every figure holds.',
        '',
      ].join('\n'),
    )
    expect((await run(['help', 'sim'])).out).toBe(out)
  })

  it('[C2] answers an unknown command with the nearest one and exit code 2', async () => {
    const { code, out, err } = await run(['smi'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toBe('gruppetto: there is no command "smi"; did you mean "sim"? ("gruppetto --help" lists them)\n')
    expect((await run(['--seed', '1'])).err).toContain('a command comes first')
  })

  it('[C2] answers a usage error inside a command with its sentence and exit code 2', async () => {
    const { code, err } = await run(['sim'], () => Promise.reject(new UsageError('no such world: "mars"')))
    expect({ code, err }).toEqual({ code: 2, err: 'gruppetto: no such world: "mars"\n' })
  })

  it('[C5] prints a table for people, with targets, marks and a verdict', async () => {
    const { code, out } = await run(['sim'], measured)
    expect(code).toBe(1)
    expect(out).toBe(
      [
        '  hash         b00dbae5f2c1a977',
        '  ms per tick  1.250 ms  ≤ 5      ✓',
        '  speed        1,235 ×   ≥ 2,000  ✗',
        '',
        '✗ not ok: 1 target missed',
        '',
      ].join('\n'),
    )
  })

  it('[C5] prints each failure as a sentence of its own', async () => {
    const { code, out } = await run(['sim'], () => Promise.resolve(report({}, ['tick 17: two hashes differ'])))
    expect({ code, out }).toEqual({ code: 1, out: '✗ tick 17: two hashes differ\n✗ not ok: 1 failure\n' })
    expect(await run(['sim'], () => Promise.resolve(report({})))).toEqual({ code: 0, out: '✓ ok\n', err: '' })
  })

  it('[C6] prints exactly one object with --json, and neither lines nor progress', async () => {
    const chatty = async (invocation: Invocation) => {
      for (let i = 0; i < 10; i++) invocation.progress(i, 10, 'riding')
      invocation.say('for people')
      return measured()
    }
    const { code, out, err } = await run(['sim', '--json'], chatty, { stepMs: 3000 })
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(out.endsWith('}\n')).toBe(true)
    expect(JSON.parse(out)).toEqual({
      ok: false,
      figures: {
        hash: { value: 'b00dbae5f2c1a977', unit: '' },
        'ms per tick': { value: 1.25, unit: 'ms', atMost: 5, pass: true },
        speed: { value: 1234.5, unit: '×', atLeast: 2000, pass: false },
      },
      failures: [],
    })
  })

  it.each([
    ['a usage error', ['sim', '--sede', '1', '--json'], 2],
    ['an unknown command', ['smi', '--json'], 2],
    ['a crash', ['sim', '--json'], 1],
  ])('[C6] prints the object with --json after %s too', async (_what, argv, expected) => {
    const { code, out } = await run(argv, () => Promise.reject(new Error('the road ended')))
    expect(code).toBe(expected)
    expect(JSON.parse(out)).toMatchObject({ ok: false, figures: {}, failures: [expect.any(String)] })
  })

  it('[C6] says ok and the exit code alike when a command that only runs ends', async () => {
    expect(await run(['sim', '--json'])).toEqual({ code: 0, out: '{"ok":true,"figures":{},"failures":[]}\n', err: '' })
    expect((await run(['sim', '--json'], () => Promise.resolve(3))).code).toBe(3)
  })

  it('[C7] says a crash in one sentence, and its stack only with GRUPPETTO_DEBUG', async () => {
    const crash = () => Promise.reject(new Error('the road ended'))
    expect(await run(['sim'], crash)).toEqual({ code: 1, out: '', err: 'gruppetto: the road ended\n' })
    const { err } = await run(['sim'], crash, { env: { GRUPPETTO_DEBUG: '1' } })
    expect(err).toContain('gruppetto: the road ended\nError: the road ended\n    at ')
  })

  const busy = async ({ progress, say }: Invocation) => {
    for (let i = 1; i <= 4; i++) progress(i, 4, 'riding')
    say('done')
    return 0
  }

  it('[C8] shows no progress before two seconds have passed', async () => {
    expect((await run(['sim'], busy, { stepMs: 100 })).err).toBe('')
  })

  it('[C8] writes progress in lines every few seconds where there is no terminal', async () => {
    const { out, err } = await run(['sim'], busy, { stepMs: 3000 })
    expect({ out, err }).toEqual({ out: 'done\n', err: 'riding: 25 %\nriding: 75 %\n' })
  })

  it('[C8] draws progress over itself on a terminal, and clears it for what is said', async () => {
    const { err } = await run(['sim'], busy, { stepMs: 3000, isTerminal: true })
    expect(err).toContain('\r\u001b[2K██████░░░░░░░░░░░░░░░░░░  25 %  riding')
    expect(err.endsWith('\r\u001b[2K')).toBe(true)
  })
})

describe('the list of commands', () => {
  it.each(COMMANDS)(
    '[C4] $name stands in cli/ as a file of its own, under the same name and summary',
    async ({ name, summary, load }) => {
      expect(existsSync(new URL(`${name}.ts`, import.meta.url))).toBe(true)
      const command = await load()
      expect({ name: command.name, summary: command.summary }).toEqual({ name, summary })
      const names = command.options.map((option) => option.name)
      expect(new Set(names).size).toBe(names.length)
      expect(names).not.toContain('json')
      expect(names.every((option) => /^[a-z][a-z0-9-]*$/.test(option))).toBe(true)
    },
  )
})

describe('the program', () => {
  const program = fileURLToPath(new URL('main.ts', import.meta.url))
  const gruppetto = (...argv: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], { encoding: 'utf8' })
    return { status, stdout, stderr }
  }

  it('[C4] starts, lists its commands and leaves with 0, quietly', () => {
    const { status, stdout, stderr } = gruppetto('--help')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const { name } of COMMANDS) expect(stdout).toContain(`  ${name} `)
  })

  it('[C2] leaves with 2 and one line after a mistake', () => {
    const { status, stdout, stderr } = gruppetto('benhc')
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toBe(
      'gruppetto: there is no command "benhc"; did you mean "bench"? ("gruppetto --help" lists them)\n',
    )
  })

  it('[C2] names the nearest option of a real command, as JSON when asked', () => {
    const { status, stdout } = gruppetto('bench', '--ronds', '3', '--json')
    expect(status).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      figures: {},
      failures: ['"bench" has no option --ronds; did you mean --rounds?'],
    })
  })

  it('[C4] `npm start -- --help` prints the settings, and starts nothing', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      scripts: { start: string }
    }
    // npm hands what stands after `--` on at the end of the line, whatever the line is.
    const { status, stdout } = spawnSync(`${scripts.start} --help`, {
      ...{ shell: true, encoding: 'utf8', timeout: 20_000 },
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    })
    expect(status).toBe(0)
    expect(stdout).toContain('GRUPPETTO_PORT')
  })

  it('[C4] imports no package before a command is chosen', () => {
    const house = buildHouse(readTree(fileURLToPath(new URL('..', import.meta.url))))
    const files = [...reachable(['cli/main.ts'], house)]
    const packages = files.flatMap((path) =>
      house.modules.get(path)!.imports.filter((one) => packageOf(one.specifier) !== undefined),
    )
    expect(files).toContain('cli/list.ts')
    expect(packages).toEqual([])
  })
})
