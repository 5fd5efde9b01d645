import { render } from 'preact'
import type { ClientClock } from '../clock.ts'
import { filmInFolder, openFilm } from '../film-source.ts'
import { FilmPage } from './film.tsx'

/** A film by itself, from a folder of files; `?t=` and `?rider=` say where it begins. */
export function mountFilm(root: HTMLElement, clock: ClientClock, folder: string): void {
  const asked = new URLSearchParams(location.search)
  const riderId = Number(asked.get('rider') ?? NaN)
  const atS = Number(asked.get('t') ?? 0) || 0
  const who = Number.isInteger(riderId) ? { riderId } : {}
  const open = async () => await openFilm(filmInFolder(folder), atS)
  // Nobody asked for anybody: the director shows it.
  render(<FilmPage isAlone clock={clock} open={open} isDirected={!asked.has('rider')} {...who} />, root)
}
