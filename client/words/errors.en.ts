type Sentence = readonly [code: string, sentence: string]

export const en = {
  unreachable: 'The server does not answer. Check that it is running and that you are on its network.',
  refused: (status: number) => `The server refused (${status}). Try again in a moment.`,
  notUnderstood: 'The server answered something this page does not understand. Reload the page.',
  noSeat: 'The server does not let riders in just now. Try again in a moment.',
  noRider: 'The server gave no rider to sign up with. Reload the page and try again.',
  noPicture: 'The picture could not be loaded. Reload the page.',
  noRoad: 'The road did not arrive. Check the connection and try again.',
  badRoad: (why: string) => `The road cannot be read: ${why}.`,
  otherRoad: 'The server rides another version of this road. Reload the page.',
  /** Where in a file it is: a line, a byte, a point. */
  places: { line: 'line', byte: 'byte', point: 'point' },
  begunAnew: 'The server was started again.',
  /** By code; where there is none, the server's own sentence is shown. In English that one is the better one. */
  codes: [] as readonly Sentence[],
}
