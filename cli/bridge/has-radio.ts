import { readdir } from 'node:fs/promises'

/** Whether the system knows a Bluetooth adapter. Linux is asked itself: noble, where there is none, says so on stderr and stays open. */
export async function hasRadio(platform: string = process.platform): Promise<boolean> {
  if (platform !== 'linux') return true
  return (await readdir('/sys/class/bluetooth').catch(() => [])).some((name) => /^hci\d+$/.test(name))
}
