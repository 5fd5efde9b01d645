/**
 * What a room tells one rider beside the road: a code and at most one name. Pages say it in their reader's language
 * (client/words/notices.ts); `message` is the same in English, for the log and for clients that know no codes.
 */
export const NOTICE_TEXTS = {
  'not-here': () => 'You are not on the road.',
  'race-route': () => 'A race stays on its route.',
  'no-route': (name) => `There is no route "${name}" here.`,
  'route-elsewhere': (name) => `${name} does not lead by here; ride to one of its roads, then choose it again.`,
  'no-pause': () => 'Here nobody pauses: not in a race, in its pen, or in a park.',
  'road-ends': () => 'The road ends here. Turn back at the next place that lets you.',
  'too-many-turns': () => 'Too many turns at once; wait a moment.',
  'too-many-lines': () => 'Too many lines at once; wait a moment.',
  'too-many': () => 'Too many at once; wait a moment.',
  'rider-gone': () => 'That rider is not here any more.',
  'rider-unknown': () => 'That rider is not known here.',
  yourself: () => 'That is yourself.',
  'reported-enough': () => 'You have reported enough for the moment; it will be read.',
  'reported-often': () => 'Many have reported this rider already; it will be read.',
  'reports-full': () =>
    'The organiser has too many reports to read. Block this rider, and tell the organiser another way.',
  'avoid-full': () => 'You block or mute as many riders as this server keeps; take one back first.',
  'not-now': () => 'That could not be done just now; try again in a moment.',
  'room-broken': () => 'This road was closed by a fault of the server. Join again.',
} satisfies Readonly<Record<string, (name: string) => string>>

export type NoticeCode = keyof typeof NOTICE_TEXTS

export interface Notice {
  readonly code: NoticeCode
  /** Of a route, as it is called or was asked for. */
  readonly name?: string
  readonly message: string
}

export function notice(code: NoticeCode, name?: string): Notice {
  const text: (name: string) => string = NOTICE_TEXTS[code]
  return { code, ...(name === undefined ? {} : { name }), message: text(name ?? '') }
}
