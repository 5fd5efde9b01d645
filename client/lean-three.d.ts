import type { Plugin } from 'vite'
/**
 * three.js without what a ride never draws with. It is built from its sources, some of which are replaced here, by name:
 * headsets, environment maps, morphing, effects over the picture, materials and shader code of theirs. Whatever is left
 * out says so when somebody uses it: a class throws, shader code does not compile. When three.js itself changes, so that a
 * name here is none of its files any more or a part looks different, the build fails. docs/client.md [V87]
 */
export declare function leanThree(): Plugin
export type Cut =
  | {
      readonly code: string
      readonly met: readonly string[]
    }
  | {
      readonly problem: string
    }
/** A file of three/src as the client has it. */
export declare function leaner(file: string, code: string): Cut
