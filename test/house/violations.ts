/** One broken rule a line, to be planted in a sound little house: rule | what | file | its text (⏎ ends a line) | what must be said. « » stand for backquotes. */
const TABLE = String.raw`
H1 | a pure room looks into another         | protocol/x.ts         | import '#physics/step'                                            | may not see
H1 | the client looks into the server       | client/x.ts           | import '#server/config'                                           | may not see
H1 | even for a type                        | maps/x.ts             | import type { World } from '#server/world/world'                  | may not see
H1 | a project lists a room too many        | physics/tsconfig.json | { "references": [{ "path": "../maps" }] }                         | may not reference
H2 | Node in a pure room                    | protocol/x.ts         | import { readFileSync } from 'node:fs'                            | imports no package
H2 | a package in a pure room               | server/world/x.ts     | import { Scene } from 'three'                                     | imports no package
H2 | Date in a pure room                    | client/world/x.ts     | export const t = Date.now()                                       | "Date"
H2 | Math.random in a pure room             | maps/x.ts             | export const r = Math.random()                                    | Math.random
H2 | Math["random"] in a pure room          | maps/x.ts             | export const r = Math['random']()                                 | Math.random
H2 | a timer in a pure room                 | server/event/x.ts     | setTimeout(() => 0, 1)                                            | "setTimeout"
H2 | the console in a pure room             | bridges/core/x.ts     | console.log('x')                                                  | "console"
H2 | Node by the back door                  | protocol/x.ts         | export const p = (globalThis as any).process                      | "globalThis"
H3 | a power in the tick                    | physics/constants.ts  | export const G = 3 ** 2                                           | "**"
H3 | a power that assigns                   | physics/constants.ts  | export let G = 3; G **= 2                                         | "**"
H3 | a sine behind two imports              | physics/constants.ts  | export const G = Math.sin(1)                                      | Math.sin
H3 | a sine in the road                     | maps/course.ts        | export const heightAt = Math.cos                                  | Math.cos
H3 | Math under another name                | physics/step.ts       | const { sin } = Math; export const step = sin                     | in full
H3 | a computed name of Math                | physics/step.ts       | export const step = Math['sin']                                   | in full
H3 | the calendar in the tick               | server/world/world.ts | export const t = new Date()                                       | tick number
H3 | the machine's language                 | server/world/world.ts | export const t = 'a'.localeCompare('b')                           | language
H4 | two files import each other            | physics/constants.ts  | import './step.ts' ⏎ export const G = 1                           | physics/constants.ts → physics/step.ts → physics/constants.ts
H4 | two rooms import each other            | physics/constants.ts  | import type { W } from '#server/world/world' ⏎ export const G = 1 | circle
H4 | an undeclared package                  | client/view/x.ts      | import 'left-pad'                                                 | not in package.json
H4 | a package for developers in what ships | server/x.ts           | import 'vitest'                                                   | only a devDependency
H4 | a file that does not parse             | server/x.ts           | export const = 3                                                  | cannot be parsed
H5 | Colyseus outside of its room           | server/http/api.ts    | import { matchMaker } from '@colyseus/core'                       | Colyseus
H5 | Colyseus fetched while running         | server/http/api.ts    | await import('@colyseus/core')                                    | Colyseus
H5 | a UDP socket elsewhere                 | server/room/x.ts      | import { createSocket } from 'node:dgram'                         | dgram
H5 | WebRTC in the server process           | server/main.ts        | import 'node-datachannel'                                         | webrtc-gateway
H5 | the accelerator elsewhere              | server/net/udp.ts     | import sodium from 'sodium-native'                                | sodium-native
H5 | Kysely outside of the store            | server/http/api.ts    | import { sql } from 'kysely'                                      | SQL
H5 | SQL in a string                        | server/http/api.ts    | export const q = 'SELECT id FROM rider'                           | SQL
H5 | SQL in a template                      | server/room/x.ts      | export const q = «insert into rider values (1)»                | SQL
H5 | the environment in a room              | server/room/x.ts      | export const p = process.env.PORT                                 | process.env
H5 | the environment, picked                | server/room/x.ts      | const { env } = process; export { env }                           | process.env
H5 | arguments in a bridge                  | bridges/uplink.ts     | export const a = process.argv                                     | process.argv
H5 | the wall clock in a room               | server/room/x.ts      | export const t = Date.now()                                       | wall clock
H5 | a calendar date of now                 | server/http/api.ts    | export const t = new Date()                                       | wall clock
H5 | a timer in the network                 | server/net/udp.ts     | export const stop = setInterval(() => 0, 9)                       | a timer
H5 | a timer by import                      | server/store/x.ts     | import { setTimeout as wait } from 'node:timers/promises'         | a timer
H5 | an XML parser in a handler             | server/http/api.ts    | import { XMLParser } from 'fast-xml-parser'                       | XML
H5 | three.js in the HUD                    | client/hud/x.ts       | import { Vector3 } from 'three'                                   | three.js
H5 | rigid bodies in the step               | server/room/x.ts      | import 'cannon-es'                                                | cannon-es
H5 | usb in the server                      | server/main.ts        | import 'ant-plus'                                                 | ant-plus
H5 | radio in the server                    | server/main.ts        | import '@stoprocent/noble'                                        | noble
H6 | a relative path across rooms           | server/x.ts           | import '../physics/step.ts'                                       | #room/file
H6 | an extension behind #                  | server/x.ts           | import '#physics/step.ts'                                         | no extension
H6 | # inside a room                        | physics/x.ts          | import '#physics/step'                                            | relative path
H6 | no extension                           | physics/x.ts          | import './step'                                                   | extension
H6 | a file that is not there               | physics/x.ts          | import './stepp.ts'                                               | no such file
H6 | Node without node:                     | server/x.ts           | import 'fs'                                                       | node:fs
H6 | an index file                          | physics/index.ts      | export const a = 1                                                | index.ts
H6 | a file that only passes on             | physics/all.ts        | export { step } from './step.ts'                                  | passes other files on
H6 | export *                               | physics/x.ts          | export * from './step.ts' ⏎ export const a = 1                    | export *
H6 | JSX where Node must run                | client/world/x.tsx    | export const a = <p>1</p>                                         | JSX
H7 | a home folder                          | docs/x.md             | Look in /home/somebody/gruppetto.                                 | home folder
H7 | the folder of the clone                | docs/x.md             | run (/elsewhere/clones/gruppetto/x)                               | folder of this clone
H7 | a machine's name                       | docs/x.md             | measured on build-box-17.internal                                 | name of a machine
H7 | a registry                             | .npmrc                | registry=https://registry.example/                                | registry host
H7 | a registry in the lock                 | package-lock.json     | { "resolved": "https://a/b" }                                     | address of a registry
H7 | a declaration file beside its source   | protocol/limits.d.ts  | export declare const a: 1                                         | tsc wrote
H7 | an empty file                          | protocol/x.ts         | export {}   | empty file
H7 | a picture without a name               | nowhere               | PNG                                                               | no known kind
H8 | a skipped test                         | maps/x.test.ts        | it.skip('x', () => {})                                            | runs, or it is deleted
H8 | a focused suite                        | maps/x.test.ts        | describe.only('x', () => {})                                      | runs, or it is deleted
H10 | words bare in a page                   | client/pages/x.tsx    | export const a = <p>Hello there</p>                               | stands bare
H10 | a name read aloud, bare                | client/hud/x.tsx      | export const a = <i aria-label="Close it" />                      | stands bare
H10 | words in a choice                      | client/pages/x.tsx    | export const a = <p>{b ? 'Yes please' : ''}</p>                   | stands bare
H10 | a sentence where something happens     | client/input/x.ts     | export const a = { words: 'The trainer is gone' }                 | is a sentence
H10 | a sentence of the legs                 | bridges/core/legs.ts  | export const a = 'the trainer has no such brake'                  | is a sentence
H8 | a skip without its reason              | maps/x.test.ts        | it.skipIf(true)('x', () => {})                                    | runs, or it is deleted
`

export interface Violation {
  readonly id: string
  readonly what: string
  readonly path: string
  readonly text: string
  /** Part of what the rule must say. */
  readonly says: string
}

export const VIOLATIONS: readonly Violation[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [id = '', what = '', path = '', text = '', says = ''] = line.split(' | ').map((cell) => cell.trim())
    return { id, what, path, text: text.replaceAll(' ⏎ ', '\n').replace(/[«»]/g, '`'), says }
  })
