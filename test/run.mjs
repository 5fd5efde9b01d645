// `npm test`: brings what the tests need, runs everything, and ends with one line that says how many passed and failed.
// Plain JavaScript for Node 20, and no package: nothing may be there yet when it runs.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { delimiter, join } from 'node:path'
import { bundledNode, holdsWhatTheLockNames, isNewEnough, NODE_OLDEST_TEXT, root } from '#cli/installation.mjs'
import { summary } from './summary.mjs'

const complaints = []

if (!holdsWhatTheLockNames({ isForTests: true })) install()
const node = findNode()
if (findPython() === undefined) {
  installByApt('python3', 'Python for the second implementation of the protocol')
  if (findPython() === undefined) {
    complaints.push(
      'The second implementation of the protocol did not run: there is no python3 on the PATH, and it installs itself ' +
        'only on Debian, as root. On Debian: sudo apt-get install python3. Then run the tests again.',
    )
  }
}
const chromium = findChromium() ?? installChromium()
if (chromium === undefined) {
  complaints.push(
    'The browser tests did not run: there is no Chromium on the PATH, and it installs itself only on Debian, as root. ' +
      'On Debian: sudo apt-get install chromium. Then run the tests again.',
  )
}
const isWhole = process.argv.length === 2
if (isWhole && spawnSync(node, [join(root, 'test', 'check.mjs')], { cwd: root, stdio: 'inherit' }).status !== 0) {
  complaints.push('The sources are not clean, see above: "npm run check" says the same.')
}
// What computes shares the cores with the one that mostly waits, and stands back for it; Chromium, which draws in software,
// wants both cores after.
const units = () => runTests(['unit', 'pure'], { isPatient: true })
const runs = await Promise.all(chromium === undefined ? [units()] : [units(), runTests(['way'], { isHeldBack: true })])
if (chromium !== undefined) runs.push(await runTests(['browser']))
const { lines, isGreen } = summary({ runs, complaints })
for (const line of lines) process.stdout.write(`${line}\n`)
process.exitCode = isGreen ? 0 : 1

function install() {
  say('Installing packages …')
  const { status, error } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0)
    stop(`npm install did not finish (${error?.message ?? `exit code ${status}`}): check the network and try again.`)
}

/** The Node that npm brought, else the one that runs this, if it is new enough to strip types. */
function findNode() {
  const node = bundledNode() ?? (isNewEnough() ? process.execPath : undefined)
  const { node: version } = process.versions
  return (
    node ??
    stop(`The tests need Node ${NODE_OLDEST_TEXT} or newer and this is ${version}: install Node 24 and try again.`)
  )
}

/** On the PATH, under one of its names: where the tests look for it, too. */
function findChromium() {
  return findProgram(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'])
}

function installChromium() {
  installByApt('chromium', 'Chromium for the browser tests')
  return findChromium()
}

function findPython() {
  return findProgram(process.platform === 'win32' ? ['python3.exe'] : ['python3'])
}

/** @param {readonly string[]} names */
function findProgram(names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path))
}

/**
 * Only on Debian, as root; whoever asked looks afterwards.
 *
 * @param {string} name
 * @param {string} what for people
 */
function installByApt(name, what) {
  const isRoot = process.getuid?.() === 0
  if (!isRoot || !existsSync('/usr/bin/apt-get')) return
  say(`Installing ${what} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', name]]) {
    // Its log goes to stderr, so that stdout keeps the results.
    const { status } = spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 2, 2] })
    if (status !== 0) say(`apt-get ${args[0]} ended with ${status}.`)
  }
}

/**
 * `npm test -- physics` runs only the files whose path holds "physics".
 *
 * @param {readonly string[]} projects of vitest.config.ts
 * @param {{ isHeldBack?: boolean, isPatient?: boolean }} [how] its output comes when it has ended; others go first
 */
async function runTests(projects, { isHeldBack = false, isPatient = false } = {}) {
  const reportPath = join(root, 'dist', `test-report-${projects[0]}.json`)
  mkdirSync(join(root, 'dist'), { recursive: true })
  rmSync(reportPath, { force: true })
  const filters = process.argv.slice(2)
  const args = [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    ...['run', ...projects.map((project) => `--project=${project}`)],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`],
    ...(filters.length > 0 ? ['--passWithNoTests', ...filters] : []),
  ]
  const env = {
    ...process.env,
    PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    // As gruppetto.mjs does for itself: what one test's process has compiled the next one's reads.
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
  }
  const status = await new Promise((resolve) => {
    const run = spawn(node, args, { cwd: root, env, stdio: isHeldBack ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
    if (isPatient) standBack(run.pid)
    const held = /** @type {Buffer[]} */ ([])
    run.stdout?.on('data', (bytes) => held.push(bytes))
    run.stderr?.on('data', (bytes) => held.push(bytes))
    run.on('close', (code) => {
      process.stdout.write(Buffer.concat(held))
      resolve(code)
    })
  })
  const report = existsSync(reportPath) ? JSON.parse(readFileSync(reportPath, 'utf8')) : undefined
  return { report, isClean: status === 0 }
}

/**
 * Its workers inherit it.
 *
 * @param {number | undefined} pid
 */
function standBack(pid) {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Where it may not be, all are equal.
  }
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function stop(sentence) {
  say(sentence)
  process.stdout.write('0 passed, 1 failed\n')
  process.exit(1)
}
