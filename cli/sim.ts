import { UsageError, type Command, type Invocation, type Report } from './command.ts'

export const command: Command = {
  name: 'sim',
  summary: 'server, clients and a bad network in virtual time, from one seed',
  options: [
    { name: 'seed', value: 'N', summary: 'all chance comes from it: the same seed is the same ride', default: '1' },
    { name: 'seconds', value: 'S', summary: 'how long the ride is, in its own time', default: '120' },
    { name: 'loss', value: 'P', summary: 'share of datagrams lost, per cent', default: '5' },
    { name: 'map', value: 'MAP', summary: 'name of a map, or a folder with map.json and course.bin' },
    { name: 'journal', value: 'FILE', summary: 'write the journal there (for gruppetto replay)' },
    { name: 'ride', value: 'FILE.fit', summary: 'a recorded ride through the real codecs instead' },
    { name: 'race', summary: 'a race of bots instead' },
    { name: 'together', summary: 'a group whose legs differ instead, kept together and not (docs/meet.md)' },
    {
      name: 'spread',
      value: 'P',
      summary: 'with --together: watts per kilogram differ so much either way, per cent',
      default: '40',
    },
    { name: 'riders', value: 'K', summary: 'with --race and --together: how many', default: '12' },
    {
      name: 'route',
      value: 'ROUTE',
      summary: 'with --race and --together: on which of the map, by id; its first without',
    },
    { name: 'laps', value: 'L', summary: 'with --race: how far', default: '1' },
    { name: 'export', value: 'FILE', summary: 'with --race: write what gruppetto judge needs' },
  ],
  details: [
    'Examples:',
    '  gruppetto sim --seed 7 --json                     twice: figures.hash is the same',
    '  gruppetto sim --seed 7 --loss 30 --journal j.jsonl',
    '  gruppetto sim --ride ride.fit                     are the watts of the file the work that is credited?',
    '  gruppetto sim --race --seed 3 --export race.json  then: gruppetto judge race.json',
  ].join('\n'),
  run: sim,
}

async function sim(invocation: Invocation): Promise<Report> {
  const seed = invocation.number('seed', { min: 0, max: 2 ** 31 - 1, isWhole: true })!
  const ride = invocation.text('ride')
  if (invocation.flag('race')) {
    if (ride !== undefined) throw new UsageError('--race and --ride are two different things; give one of them')
    return (await import('./sim/run-race.ts')).runRace(invocation, seed)
  }
  if (invocation.flag('together')) {
    if (ride !== undefined) throw new UsageError('--together and --ride are two different things; give one of them')
    return (await import('./sim/run-group.ts')).runGroup(invocation, seed)
  }
  for (const name of ['route', 'export'])
    if (invocation.text(name) !== undefined) throw new UsageError(`--${name} goes with --race; give both`)
  if (ride !== undefined) return (await import('./sim/run-recorded.ts')).runRecorded(invocation, ride, seed)
  return (await import('./sim/run-simulation.ts')).runSimulation(invocation, seed)
}
