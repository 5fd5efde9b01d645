// A process of its own: clients that join the live room and count what comes.
import { WebSocket } from 'ws'

const { host, port, count } = await new Promise((resolve) => {
  process.once('message', resolve)
})
const MESSAGE_JOIN_ROOM = 10
let messages = 0
let segments = 0

for (let i = 0; i < count; i++) {
  const seat = await fetch(`http://${host}:${port}/matchmake/joinOrCreate/ride`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }).then((answer) => answer.json())
  const { roomId, processId } = seat.room ?? seat
  const socket = new WebSocket(`ws://${host}:${port}/${processId}/${roomId}?sessionId=${seat.sessionId}`)
  socket.on('message', (data) => {
    messages++
    segments += Math.ceil((data.length + 4) / 1448)
    if (data[0] === MESSAGE_JOIN_ROOM) socket.send(Buffer.from([MESSAGE_JOIN_ROOM]))
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
}
process.send({ ready: true })
process.on('message', () => {
  process.send({ messages, segments })
})
