#!/usr/bin/env node
// Finds a Node that runs the program as it is, installs what is missing, then hands over to cli/main.ts.
// Plain JavaScript for Node 20, and no package: nothing may be there yet when it runs.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundledNode, holdsWhatTheLockNames, isNewEnough, NODE_OLDEST_TEXT, root } from './cli/installation.mjs'

const stampPath = join(root, 'node_modules', '.gruppetto-stamp')

if (!isInstalled()) install()
if (process.env.npm_lifecycle_event !== undefined) stopWithNpm()
if (isNewEnough()) {
  if (process.argv[2] === 'serve') await beginAnewAsServer()
  // What was compiled at the first start is read at the next ones: a third of the time to the first page.
  module.enableCompileCache?.(join(root, 'node_modules', '.cache', 'compiled'))
  await import('./cli/main.ts') // It sees who started it.
} else if (bundledNode() !== undefined) handOver(bundledNode())
else {
  fail(
    `Gruppetto needs Node ${NODE_OLDEST_TEXT} or newer; this is ${process.versions.node}, and npm has no binary for ` +
      `${process.platform}-${process.arch}: install Node 24 from https://nodejs.org and run the command again.`,
  )
}

/** True when every package the lock names is there in that version; then nothing is asked of the network. */
function isInstalled() {
  if (!existsSync(join(root, 'node_modules'))) return false
  const stamp = lockHash()
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return true
  if (!holdsWhatTheLockNames({ isForTests: false })) return false
  writeStamp(stamp) // Somebody ran `npm install` by hand.
  return true
}

function install() {
  say('Installing packages: needs the network once, and about half a minute …')
  const startedMs = Date.now()
  // Under `npm start`, npm says where it is; otherwise it is on the path.
  const npm = process.env.npm_execpath
  const [command, before] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const done = spawnSync(command, [...before, 'install'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: command === 'npm' && process.platform === 'win32',
  })
  if (done.error) fail(`npm could not be run (${done.error.message}): install Node with npm from https://nodejs.org.`)
  if (done.status !== 0) {
    fail('npm install did not finish: look at its message above, check the network, and run the command again.')
  }
  writeStamp(lockHash())
  say(`Packages are installed (${Math.round((Date.now() - startedMs) / 1000)} s).`)
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function writeStamp(stamp) {
  try {
    writeFileSync(stampPath, stamp)
  } catch {
    // A read-only installation: then the slower comparison is made at each start.
  }
}

/** Runs this same file under the other Node; its end is ours. */
function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal signals both of us, `kill` only this one: pass it on always, the server takes two at once for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`${node} cannot be run (${error.message}): delete node_modules and try again.`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

/**
 * V8 takes the size of its young generation only while it begins: the same process once more, with the flags of a server.
 * Where a process cannot become another (Windows, one that a parent talks to), and where somebody has chosen a size, it
 * stays as it is.
 */
async function beginAnewAsServer() {
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ')
  if (given.includes('semi-space') || process.platform === 'win32') return
  if (typeof process.execve !== 'function' || process.send !== undefined) return
  const { SERVER_NODE_FLAGS } = await import('./cli/server-flags.ts')
  const node = process.execPath
  process.execve(node, [node, ...process.execArgv, ...SERVER_NODE_FLAGS, ...process.argv.slice(1)], process.env)
}

/** `kill` on npm ends it and its shell, but tells nobody else: without this the server would ride on unseen. */
function stopWithNpm() {
  const parent = process.ppid
  const look = () => process.ppid !== parent && process.kill(process.pid, 'SIGTERM')
  setInterval(look, 500).unref()
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

function fail(sentence) {
  say(sentence)
  process.exit(1)
}
