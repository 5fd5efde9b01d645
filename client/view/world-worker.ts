/// <reference lib="webworker" />
import { kitFor } from './world-kit.ts'
import { createWorldJob, type WorldAsk } from './world-job.ts'

// Builds the world beside the thread that rides. Between two parts it listens, so that what is asked meanwhile is heard.
const job = createWorldJob((answer, give) => postMessage(answer, { transfer: give }))
const { port1: bell, port2: ear } = new MessageChannel()
let isWorking = false
ear.start()
ear.addEventListener('message', () => {
  isWorking = job.step()
  if (isWorking) bell.postMessage(0)
})
const begin = (): void => {
  if (!isWorking) bell.postMessage(0)
  isWorking = true
}
addEventListener('message', ({ data }: MessageEvent<WorldAsk>) => {
  if (data.kind === 'build') {
    // Without its landmarks a world is built all the same.
    void kitFor(data.input)
      .catch(() => undefined)
      .then((kit) => job.ask(data, kit))
      .then(begin)
  } else {
    job.ask(data)
    begin()
  }
})
