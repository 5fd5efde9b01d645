import { pointFrom, RecordingBuilder } from './recording.ts'
import { plainText, type XmlElement, type XmlVisitor } from './xml.ts'

interface OpenPoint {
  readonly lat: string | undefined
  readonly lon: string | undefined
  readonly index: number
  readonly isRoute: boolean
  height: string | undefined
  time: string | undefined
}

/** GPX 1.0 and 1.1: the points of all tracks, segment by segment, else of the first route, in the order of the file. */
export class GpxReader implements XmlVisitor {
  readonly #track = new RecordingBuilder()
  readonly #route = new RecordingBuilder()
  readonly #titles = new Map<string, string>()
  /** The elements around, by depth. */
  readonly #path: string[] = []
  #routes = 0
  #point: OpenPoint | undefined

  open(tag: string, depth: number, element: XmlElement): string | undefined {
    this.#path[depth] = tag
    if (depth === 1 && tag === 'rte') this.#routes++
    if (depth === 2 && tag === 'trkseg') this.#track.startSegment()
    const isTrack = depth === 3 && tag === 'trkpt' && this.#path[2] === 'trkseg' && this.#path[1] === 'trk'
    const isRoute = depth === 2 && tag === 'rtept' && this.#path[1] === 'rte' && this.#routes === 1
    if (!isTrack && !isRoute) return undefined
    const { index } = element
    const [lat, lon] = [element.attribute('lat'), element.attribute('lon')]
    this.#point = { lat, lon, index, isRoute, height: undefined, time: undefined }
    return undefined
  }

  close(tag: string, depth: number, text: string): string | undefined {
    const point = this.#point
    if (depth === 2 && tag === 'name') this.#titles.set(this.#path[1]!, plainText(text))
    if (point === undefined) return undefined
    const pointDepth = point.isRoute ? 2 : 3
    if (depth === pointDepth + 1 && tag === 'ele') point.height = text
    if (depth === pointDepth + 1 && tag === 'time') point.time = text
    if (depth !== pointDepth) return undefined
    this.#point = undefined
    const read = pointFrom(point.lat, point.lon, point.height, point.time)
    if (!read.ok) return `<${tag}> ${read.error}`
    return (point.isRoute ? this.#route : this.#track).add(read.value, point.index)
  }

  get recording(): RecordingBuilder {
    const found = this.#track.points.length > 0 ? this.#track : this.#route
    found.title = ['trk', 'metadata', 'rte'].map((holder) => this.#titles.get(holder)).find((title) => title)
    return found
  }
}
