import { refused, type Decoded } from '#protocol/decoded'
import { pointFrom, recordingFrom, textIn, type RecordedPoint, type Recording } from './recording.ts'
import { readXml, type XmlDocument, type XmlNode } from './xml.ts'

/** GPX 1.0 and 1.1: the points of all tracks, else of the first route, in the order of the file. */
export function readGpx(bytes: Uint8Array, name: string): Decoded<Recording, string> {
  const xml = readXml(bytes, name)
  return xml.ok ? gpxFrom(xml.value, name) : xml
}

export function gpxFrom(document: XmlDocument, name: string): Decoded<Recording, string> {
  const { root, place } = document
  if (root.tag !== 'gpx')
    return refused(`${name}: ${place(root.index)}: begins with <${root.tag.slice(0, 40)}>, a GPX begins with <gpx>`)
  const nodes = pointNodes(root)
  const points: RecordedPoint[] = []
  for (const node of nodes) {
    const { lat, lon } = node.attributes
    const point = pointFrom(lat, lon, textIn(node, 'ele'), textIn(node, 'time'))
    if (!point.ok) return refused(`${name}: ${place(node.index)}: <${node.tag}> ${point.error}`)
    points.push(point.value)
  }
  return recordingFrom(`${name}: ${place(root.index)}`, points, titleOf(root))
}

function pointNodes(root: XmlNode): readonly XmlNode[] {
  const track = inside(root, 'trk').flatMap((trk) =>
    inside(trk, 'trkseg').flatMap((segment) => inside(segment, 'trkpt')),
  )
  if (track.length > 0) return track
  const route = root.children.find((child) => child.tag === 'rte')
  return route === undefined ? [] : inside(route, 'rtept')
}

function titleOf(root: XmlNode): string | undefined {
  for (const holder of ['trk', 'metadata', 'rte']) {
    const node = root.children.find((child) => child.tag === holder)
    const title = node === undefined ? undefined : textIn(node, 'name')
    if (title !== undefined && title !== '') return title
  }
  return undefined
}

function inside(node: XmlNode, tag: string): readonly XmlNode[] {
  return node.children.filter((child) => child.tag === tag)
}
