import { readFileSync } from 'node:fs'
import { readConfig, settingsText } from '#server/config'
import { openHouse } from '#server/main'
import type { Command } from './command.ts'

export const command: Command = {
  name: 'serve',
  summary: 'start the server and the page: a world to ride in',
  options: [
    { name: 'no-page', summary: 'do not build the page: for bridges and bots only, or while Vite serves it' },
    { name: 'new-token', summary: 'make a new token for the organiser; the old one stops working' },
  ],
  details: `Settings are environment variables:\n\n${settingsText()}\n\nCtrl-C ends cleanly; a second one ends at once.`,
  async run(invocation) {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    const house = await openHouse({
      config: readConfig(),
      version,
      say: (line) => invocation.say(line),
      isNewToken: invocation.flag('new-token'),
      hasPage: !invocation.flag('no-page'),
    })
    if (!invocation.signal.aborted) {
      await new Promise<void>((resolve) => invocation.signal.addEventListener('abort', () => resolve(), { once: true }))
    }
    invocation.say('Closing: journals, rooms, database …')
    await house.close()
    invocation.say('Closed.')
    return 0
  },
}
