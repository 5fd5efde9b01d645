export const en = {
  rider: 'Rider',
  ride: 'Ride',
  close: 'Close',
  /** Count of riders on a road. */
  riders: (count: number) => (count === 1 ? '1 rider' : `${count} riders`),
}
