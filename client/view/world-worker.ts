/// <reference lib="webworker" />
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
addEventListener('message', ({ data }: MessageEvent<WorldAsk>) => {
  job.ask(data)
  if (!isWorking) bell.postMessage(0)
  isWorking = true
})
