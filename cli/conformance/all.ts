import { BIT_VECTORS } from './bit-vectors.ts'
import { PHYSICS_VECTORS } from './physics-vectors.ts'
import type { VectorFile } from './vector-file.ts'

/** Every file of `protocol/vectors/`. */
export const VECTOR_FILES: readonly VectorFile[] = [...BIT_VECTORS, ...PHYSICS_VECTORS]
