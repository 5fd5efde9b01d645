/**
 * What a body on a bicycle does. Of these nine one rider's weights sum to 1; the first is what is left when the others
 * are nothing. `view/rider-measures` says what each looks like.
 */
export const POSES = ['hoods', 'tops', 'drops', 'standing', 'sprint', 'aero', 'tuck', 'stop', 'cheer'] as const
export type PoseName = (typeof POSES)[number]

export const POSE = Object.fromEntries(POSES.map((name, i) => [name, i])) as Readonly<Record<PoseName, number>>
