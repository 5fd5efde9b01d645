import { existsSync } from 'node:fs'
import type { Command } from './command.ts'

/** A command by name and summary, so that `--help` reads no command's file (some of them load three.js or Colyseus). */
export interface Listed {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Command>
}

/** Each is `cli/<name>.ts`, which exports `command`; its name and summary are held equal to these by a test. */
const ALL: readonly Listed[] = [
  listed('serve', 'start the server and the page: a world to ride in'),
  listed(
    'bridge',
    'your legs: connects to a trainer, sends its watts to the server, brings the road back into the pedals',
  ),
  listed('ride', 'the whole ride in one command: bridge, page and a window for it'),
  listed('doctor', 'say what reaches what, and what to do about the rest'),
  listed('watch', 'see the line to a server, and everybody’s on it, second by second'),
  listed('trainer-sim', 'a simulated trainer on the network: physics, legs and faults, or a recorded ride'),
  listed(
    'recording',
    'play a recording of devices at once: what it has, the samples it gives, trainer against power meter',
  ),
  listed('sim', 'server, clients and a bad network in virtual time, from one seed'),
  listed('replay', 'ride a journal again and compare every hash in it'),
  listed('film', 'make a film of a journal: a folder of files that any web server can show'),
  listed('demo', 'a race of bots and the page that shows it, as a folder that needs no server'),
  listed('judge', 'simulate an exported race again and reproduce its result, or refuse it'),
  listed('import', 'make a road of a GPX, TCX or FIT file and say what came of it'),
  listed('author', 'draw the worlds of the house anew: run their programs, write map.json, bake, measure'),
  listed('bake', 'turn a map.json into the columns that physics and picture read'),
  listed('picture', 'draw one picture of a world, as a rider sees it'),
  listed('bench', 'measure: riders per tick, bytes per client, joining, replaying, the first frame'),
  listed(
    'hostile',
    'send millions of hostile datagrams at a room that rides on, and see that nothing throws, grows or answers',
  ),
  listed('load', 'how many riders: a server, real clients over real sockets, and what it costs'),
  listed('check-physics', 'hold the equations of motion against published cases'),
  listed('plot', 'draw what a law of the house does, against what was published'),
  listed('pack', 'ride scenes of a bunch without pictures, and measure what it does'),
  listed('fit-drafting', 'fit the law of shelter to every published point again, and say how far each is off'),
  listed('check-engines', 'ride the same evening in three JavaScript engines and compare every hash'),
  listed('check-protocol', 'hold this program and a second implementation against every vector of the protocol'),
  listed(
    'check-trainers',
    'decode a file of captured trainer bytes and compare every field with its meaning; or throw bytes at decoders',
  ),
  listed('package', 'make what a rider installs: a package, or a folder with Node inside'),
]

/** The commands there are: a clone has all of them, a rider's package those that riders need. */
export const COMMANDS: readonly Listed[] = ALL.filter(({ name }) => existsSync(fileOf(name)))

function listed(name: string, summary: string): Listed {
  return { name, summary, load: () => loadCommand(name) }
}

export async function loadCommand(name: string): Promise<Command> {
  const module = (await import(fileOf(name).href)) as { command: Command }
  return module.command
}

/** Beside this file, and like it: TypeScript in a clone, JavaScript in a rider's package. */
function fileOf(name: string): URL {
  return new URL(`${name}${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)
}
