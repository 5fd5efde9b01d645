import { serve } from '../helper-thread.ts'
import { openFolder } from '../room/worlds.ts'

/** Off the tick's thread: opens roads. */
serve(openFolder)
