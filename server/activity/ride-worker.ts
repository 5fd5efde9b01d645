import { serve } from '../helper-thread.ts'
import { obey } from './ride-work.ts'

/** Off the tick's thread: sums rides up, packs them, writes FIT. */
serve(obey)
