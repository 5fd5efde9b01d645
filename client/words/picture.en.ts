export const en = {
  title: 'Picture',
  detail: 'Detail',
  resolution: 'Resolution',
  byItself: 'As this computer can',
  tiers: { low: 'Low', medium: 'Medium', high: 'High' },
  percent: (percent: number) => `${percent} %`,
}
