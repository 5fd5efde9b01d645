import { pointFrom, RecordingBuilder } from './recording.ts'
import { plainText, type XmlElement, type XmlVisitor } from './xml.ts'

interface OpenPoint {
  readonly depth: number
  readonly index: number
  hasPosition: boolean
  lat: string | undefined
  lon: string | undefined
  height: string | undefined
  time: string | undefined
}

/** TCX: the positions of every track of every activity and course. Indoor points, which have no position, are passed over. */
export class TcxReader implements XmlVisitor {
  readonly recording = new RecordingBuilder()
  readonly #path: string[] = []
  #point: OpenPoint | undefined

  open(tag: string, depth: number, { index }: XmlElement): string | undefined {
    this.#path[depth] = tag
    if (tag === 'Track') this.recording.startSegment()
    if (tag === 'Trackpoint' && this.#point === undefined)
      this.#point = {
        ...{ depth, index, hasPosition: false },
        ...{ lat: undefined, lon: undefined, height: undefined, time: undefined },
      }
    if (tag === 'Position' && this.#point !== undefined) this.#point.hasPosition = true
    return undefined
  }

  close(tag: string, depth: number, text: string): string | undefined {
    const point = this.#point
    if (tag === 'Name' && this.#path[depth - 1] === 'Course') this.recording.title ??= plainText(text)
    if (point === undefined) return undefined
    if (depth === point.depth + 1 && tag === 'AltitudeMeters') point.height = text
    if (depth === point.depth + 1 && tag === 'Time') point.time = text
    if (depth === point.depth + 2 && tag === 'LatitudeDegrees') point.lat = text
    if (depth === point.depth + 2 && tag === 'LongitudeDegrees') point.lon = text
    if (depth !== point.depth) return undefined
    this.#point = undefined
    if (!point.hasPosition) return undefined
    const read = pointFrom(point.lat, point.lon, point.height, point.time)
    return read.ok ? this.recording.add(read.value, point.index) : `<Trackpoint> ${read.error}`
  }
}
