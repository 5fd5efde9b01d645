import { refused, type Decoded } from '#protocol/decoded'
import { isFit, readFitTrack } from './fit.ts'
import { GpxReader } from './gpx.ts'
import type { Recording, RecordingBuilder } from './recording.ts'
import { TcxReader } from './tcx.ts'
import { placeIn, scanXml, xmlText, type XmlElement, type XmlVisitor } from './xml.ts'

/** How a complaint about XML of another kind ends. */
export const OTHER_ROOT = 'a GPX begins with <gpx>, a TCX with <TrainingCenterDatabase>'

/** GPX, TCX or FIT, by what is in the file and not by its name. Any bytes end in a recording or one sentence. */
export function readTrack(bytes: Uint8Array, name: string): Decoded<Recording, string> {
  if (isFit(bytes)) return readFitTrack(bytes, name)
  const text = xmlText(bytes)
  if (!text.ok) return refused(`${name}: ${text.error}`)
  const reader = new TrackReader()
  const complaint = scanXml(text.value, reader)
  if (complaint !== undefined) return refused(`${name}: ${complaint}`)
  const placeAt = (index: number) => placeIn(text.value, index)
  return reader.recording.build(`${name}: ${placeAt(reader.rootIndex)}`, placeAt)
}

/** Chooses the format by the root element. */
class TrackReader implements XmlVisitor {
  rootIndex = 0
  #format: (XmlVisitor & { readonly recording: RecordingBuilder }) | undefined

  open(tag: string, depth: number, element: XmlElement): string | undefined {
    if (depth === 0) {
      this.rootIndex = element.index
      if (tag === 'gpx') this.#format = new GpxReader()
      else if (tag === 'TrainingCenterDatabase') this.#format = new TcxReader()
      else return `begins with <${shortened(tag)}>; ${OTHER_ROOT}`
    }
    return this.#format!.open(tag, depth, element)
  }

  close(tag: string, depth: number, text: string): string | undefined {
    return this.#format!.close(tag, depth, text)
  }

  /** Asked only of a document that was read to its end, so it had a root. */
  get recording(): RecordingBuilder {
    return this.#format!.recording
  }
}

function shortened(tag: string): string {
  return tag.length > 40 ? `${tag.slice(0, 39)}…` : tag
}
