// `npm run check`: types, lint, format and direction, side by side. Plain JavaScript, no package.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')

/**
 * Name, what it answers for, program, arguments.
 *
 * @type {readonly [string, string, string, string[]][]}
 */
const CHECKS = [
  ['types', 'who sees whom, and what fits', 'tsc', ['-b', '--pretty']],
  ['lint', 'defects that types do not show', 'oxlint', []],
  ['format', 'one layout; "npm run format" writes it', 'oxfmt', ['--check']],
  ['direction', 'one door, purity, determinism, cycles', 'node', ['test/house/main.ts']],
]

if (!existsSync(bin)) {
  process.stderr.write('Nothing is installed yet: run "npm install", then "npm run check" again.\n')
  process.exit(1)
}
const env = {
  ...process.env,
  PATH: [bin, process.env.PATH].join(delimiter),
  FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
}
const codes = await Promise.all(CHECKS.map(check))
process.exitCode = codes.every((code) => code === 0) ? 0 : 1

/** @param {readonly [string, string, string, string[]]} one */
function check([name, meaning, program, args]) {
  const startedMs = Date.now()
  const child = spawn(program, args, { cwd: root, env, shell: process.platform === 'win32' })
  let output = ''
  child.stdout.on('data', (text) => (output += text))
  child.stderr.on('data', (text) => (output += text))
  return new Promise((resolve) => {
    child.on('error', (error) => {
      output += `${error.message}\n`
    })
    child.on('close', (code) => {
      const seconds = ((Date.now() - startedMs) / 1000).toFixed(1)
      process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name.padEnd(10)} ${seconds.padStart(5)} s  ${meaning}\n`)
      if (code !== 0) process.stdout.write(`${output}\n`)
      resolve(code)
    })
  })
}
