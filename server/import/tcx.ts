import { refused, type Decoded } from '#protocol/decoded'
import { pointFrom, recordingFrom, textIn, type RecordedPoint, type Recording } from './recording.ts'
import { readXml, type XmlDocument, type XmlNode } from './xml.ts'

/** TCX: the positions of every track of every activity and course. Indoor points, which have no position, are passed over. */
export function readTcx(bytes: Uint8Array, name: string): Decoded<Recording, string> {
  const xml = readXml(bytes, name)
  return xml.ok ? tcxFrom(xml.value, name) : xml
}

export function tcxFrom(document: XmlDocument, name: string): Decoded<Recording, string> {
  const { root, place } = document
  if (root.tag !== 'TrainingCenterDatabase') {
    const found = `begins with <${root.tag.slice(0, 40)}>`
    return refused(`${name}: ${place(root.index)}: ${found}, a TCX begins with <TrainingCenterDatabase>`)
  }
  const points: RecordedPoint[] = []
  for (const node of named(root, 'Trackpoint')) {
    const position = node.children.find((child) => child.tag === 'Position')
    if (position === undefined) continue
    const point = pointFrom(
      textIn(position, 'LatitudeDegrees'),
      textIn(position, 'LongitudeDegrees'),
      textIn(node, 'AltitudeMeters'),
      textIn(node, 'Time'),
    )
    if (!point.ok) return refused(`${name}: ${place(node.index)}: <Trackpoint> ${point.error}`)
    points.push(point.value)
  }
  return recordingFrom(`${name}: ${place(root.index)}`, points)
}

/** Every element of this name below; depth is bounded by the XML door. */
function named(node: XmlNode, tag: string): XmlNode[] {
  return node.children.flatMap((child) => (child.tag === tag ? [child] : named(child, tag)))
}
