export const en = {
  rider: 'Rider',
  ride: 'Ride',
  close: 'Close',
  paceOpen: 'Any pace',
  paceBand: (low: string, high: string) => `${low}–${high} W/kg`,
  ridingNow: 'On now',
  today: (time: string) => `today ${time}`,
  /** Count of riders on a road. */
  riders: (count: number) => (count === 1 ? '1 rider' : `${count} riders`),
}
