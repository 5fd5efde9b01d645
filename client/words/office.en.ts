export const en = {
  reports: 'Reports',
  by: (by: string, when: string) => `reported by ${by}, ${when}`,
  said: 'What that rider said last',
  nothing: 'Nothing was said.',
  settle: 'Done',
  notice: 'Say something to everybody in this race',
  send: 'Say',
  sent: 'Said.',
}
