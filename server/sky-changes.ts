/** What of a room's sky changes by itself: nothing, clouds and haze, or fronts with wind and rain. */
export const CHANGES = ['none', 'clouds', 'fronts'] as const
export type Changes = (typeof CHANGES)[number]
