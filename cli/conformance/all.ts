import { BIT_VECTORS } from './bit-vectors.ts'
import { INPUT_VECTORS } from './input-vectors.ts'
import { MALFORMED_VECTORS } from './malformed-vectors.ts'
import { PACKET_VECTORS } from './packet-vectors.ts'
import { PHYSICS_VECTORS } from './physics-vectors.ts'
import { RIDER_VECTORS } from './rider-vectors.ts'
import { SESSION_VECTORS } from './session-vectors.ts'
import type { VectorFile } from './vector-file.ts'
import { WIRE_VECTORS } from './wire-vectors.ts'

/** Every file of `protocol/vectors/`. */
export const VECTOR_FILES: readonly VectorFile[] = [
  ...BIT_VECTORS,
  ...WIRE_VECTORS,
  ...INPUT_VECTORS,
  ...PACKET_VECTORS,
  ...RIDER_VECTORS,
  ...PHYSICS_VECTORS,
  ...MALFORMED_VECTORS,
  ...SESSION_VECTORS,
]
