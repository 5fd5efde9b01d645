import { FileMemory } from '#bridges/rider-memory'
import { SPOKEN } from '#bridges/spoken'
import { LEGS_OPTIONS, stateFileOf, webAddress } from './bridge/options.ts'
import { runBridge } from './bridge/run.ts'
import { setAutostart } from './bridge/start-with-computer.ts'
import { supervised } from './bridge/supervised.ts'
import { type Command, type Invocation, UsageError } from './command.ts'

export const command: Command = {
  name: 'bridge',
  summary: 'your legs: connects to a trainer, sends its watts to the server, brings the road back into the pedals',
  options: [
    { name: 'server', value: 'URL', summary: 'where to ride', default: 'http://localhost:8214' },
    { name: 'code', value: 'CODE', summary: 'be the legs of a rider who is there: six characters from the page' },
    ...LEGS_OPTIONS,
    {
      name: 'autostart',
      value: 'on|off',
      summary: 'start with the computer, with all other options given; or no more',
    },
  ],
  details: [
    'Without --dircon, --ble or --ant it looks by all of them at once. Devices of other days are connected to first, and',
    'alone; --new takes others, too. Killed and started again, it is the same rider with the same devices.',
    'It prints an address at which you see yourself ride, and one of its own page, which only this machine can open.',
    'Ctrl-C sets the trainer to the flat and leaves. --json prints one object a line.',
    '',
    'Typed while it runs:',
    ...SPOKEN.map(([words, meaning]) => `  ${words.padEnd(34)} ${meaning}`),
    '',
    'Examples:',
    '  gruppetto bridge --name Ada --mass 62 --height 1.71',
    '  gruppetto bridge --server https://club.example --code K7RM2P',
    '  gruppetto bridge --dircon 192.168.1.40:36866',
  ].join('\n'),

  async run(invocation) {
    const forgotten = invocation.all('forget')
    if (forgotten.length > 0) return await forget(invocation, forgotten)
    const autostart = invocation.text('autostart')
    if (autostart !== undefined) return await setAutostart(invocation, command, autostart)
    const server = webAddress(invocation.text('server') ?? 'http://localhost:8214', '--server')
    const code = invocation.text('code')
    return await supervised(invocation, (behind) => runBridge(invocation, { server, code, ...behind }))
  },
}

async function forget(invocation: Invocation, names: readonly string[]): Promise<number> {
  const memory = new FileMemory(stateFileOf(invocation))
  for (const name of names) {
    const known = await memory.devices()
    const meant =
      name === 'all'
        ? known
        : known.filter((device) => `${device.name} ${device.id}`.toLowerCase().includes(name.toLowerCase()))
    if (meant.length === 0 && name !== 'all') {
      const there = known.map((device) => device.name).join(', ')
      throw new UsageError(`--forget ${name}: ${there === '' ? 'no device is known' : `known are ${there}`}.`)
    }
    for (const device of meant) {
      await memory.forgetDevice(device.id)
      invocation.say(`forgotten: ${device.name} (${device.id})`)
    }
  }
  return 0
}
