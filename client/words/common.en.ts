export const en = {
  rider: 'Rider',
  ride: 'Ride',
  close: 'Close',
  today: (time: string) => `today ${time}`,
  /** Count of riders on a road. */
  riders: (count: number) => (count === 1 ? '1 rider' : `${count} riders`),
}
