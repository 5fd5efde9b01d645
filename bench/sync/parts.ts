import type { Part } from './suite.ts'

/** In the order of the table in issue 4, point 5; each is loaded when it is asked for. */
export const PARTS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Part> }>> = {
  riders: {
    summary: 'bits for each rider in view, bytes on the wire, and how true the picture is; ours and the peers',
    load: async () => (await import('./riders.ts')).benchRiders,
  },
  cpu: {
    summary: 'what telling costs for each rider in each view; ours and schema views',
    load: async () => (await import('./cpu.ts')).benchCpu,
  },
  live: {
    summary: 'processor time for each client and tick over real sockets, sealed; ours and Colyseus',
    load: async () => (await import('./live-rows.ts')).benchLive,
  },
  growth: {
    summary: 'how the cost grows with riders, and with riders in view',
    load: async () => (await import('./cpu.ts')).benchGrowth,
  },
  own: {
    summary: 'corrections of the own rider; what legs give, and when it counts',
    load: async () => (await import('./own.ts')).benchOwn,
  },
  join: {
    summary: 'from the token to the session and to everybody in view; after an address change',
    load: async () => (await import('./join.ts')).benchJoin,
  },
  terrible: {
    summary: 'whether everything is right under, and a second after, a terrible link',
    load: async () => (await import('./terrible.ts')).benchTerrible,
  },
  hostile: {
    summary: 'datagrams that nobody of ours has made (--hostile N)',
    load: async () => (await import('./hostile.ts')).benchHostile,
  },
  memory: {
    summary: 'memory of one UDP connection',
    load: async () => (await import('./memory.ts')).benchMemory,
  },
  ablations: {
    summary: 'ours without each idea',
    load: async () => (await import('./ablations.ts')).benchAblations,
  },
  curve: {
    summary: 'rate against error, also of peers with fewer patches a second',
    load: async () => (await import('./curve.ts')).benchCurve,
  },
}
