/// <reference lib="webworker" />
// A page that is not seen has its timers slowed to one a second or less; a worker's go on. People look at other tabs while
// they ride. The message is the interval, ms.
addEventListener('message', (event: MessageEvent<number>) => {
  setInterval(() => postMessage(0), event.data)
})
