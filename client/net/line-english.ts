import type { CloseReason } from '#protocol/control'

/** How a line stands, in English; pages bring the same in their reader's language (client/words/line.ts). */
const closed: Readonly<Record<CloseReason, string>> = {
  left: 'You have left the road.',
  'timed-out': 'The server has not been heard from.',
  refused: 'The server has refused this session.',
  replaced: 'This rider rides from another page or bridge now.',
  'room-closed': 'The room has closed.',
  'rider-gone': 'The rider has left the road.',
}

export const LINE_ENGLISH = {
  closed,
  connected: 'Connected.',
  socket: 'Connected by WebSocket; it may stutter.',
  connecting: (way: string) => `Connecting (${way})…`,
  again: (why: string) => `${why}. Trying again…`,
  begins: 'Not yet connected.',
  noAnswer: 'The server does not answer',
  fellSilent: 'The channel fell silent',
  serverSilent: 'The server has fallen silent',
  notReached: 'The server cannot be reached',
  cut: 'The connection was cut',
  isOff: 'WebRTC is turned off for this page',
  wasBlocked: 'WebRTC found no way through here before',
  found: 'a data channel found its way, so a lost packet holds up nothing',
  noWebrtc: (why: string) => `no WebRTC: ${why}`,
  notOpened: 'it did not open',
  notInBrowser: 'this browser has none',
  notThrough: (seconds: number) => `nothing came through within ${seconds} s`,
  notOffered: (status: number) => `the server does not offer it now (${status})`,
  notInTime: 'no answer in time',
}

export type LineWords = typeof LINE_ENGLISH
