import { refused, type Decoded } from '#protocol/decoded'
import { gpxFrom } from './gpx.ts'
import type { Recording } from './recording.ts'
import { tcxFrom } from './tcx.ts'
import { readXml } from './xml.ts'

/** GPX or TCX, by what is in the file and not by its name. */
export function readTrack(bytes: Uint8Array, name: string): Decoded<Recording, string> {
  const xml = readXml(bytes, name)
  if (!xml.ok) return xml
  const { root, place } = xml.value
  if (root.tag === 'gpx') return gpxFrom(xml.value, name)
  if (root.tag === 'TrainingCenterDatabase') return tcxFrom(xml.value, name)
  return refused(`${name}: ${place(root.index)}: begins with <${root.tag.slice(0, 40)}>; a GPX begins with <gpx>`)
}
