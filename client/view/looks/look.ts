import type { CoverName, PlantName } from '../plant-models.ts'

/** Colours are linear light, not sRGB: they go to the graphics card as they are. */
export type Rgb = [red: number, green: number, blue: number]

/** Where a plant grows: between two heights (0: the lowest road, 1: the tree line), and how often among its like. */
export interface Grows {
  readonly name: PlantName
  readonly share: number
  readonly from?: number
  readonly to?: number
}

export interface Cover {
  readonly name: CoverName
  readonly share: number
  /** Stands in drifts instead of everywhere: the higher, the fewer and denser they are, 0 … 1. */
  readonly drift?: number
  readonly from?: number
  readonly to?: number
}

/** What a landscape is made of. All of it is data: a country is told from another by these numbers alone. */
export interface Look {
  readonly name: string
  readonly ground: {
    readonly meadow: Rgb
    readonly pasture: Rgb
    readonly dry: Rgb
    /** Of a meadow in flower seen from some way off. */
    readonly bloom: Rgb
    /** Heath, or the thin turf above the trees. */
    readonly moor: Rgb
    readonly moorBloom: Rgb
    readonly wood: Rgb
    readonly scree: Rgb
    readonly rock: Rgb
    readonly rockDark: Rgb
    readonly sand: Rgb
  }
  /** Share of open ground under heath, and heights (as for plants) above which all of it is. */
  readonly moorShare: number
  readonly moorFrom: number
  /** Bands in the rock, 0: none, 1: strong. */
  readonly strata: number
  readonly fields: {
    readonly share: number
    readonly wideM: number
    readonly deepM: number
    readonly crops: readonly Rgb[]
    readonly border: 'hedge' | 'wall' | 'fence' | 'none'
    /** Share of borders that are there. */
    readonly borderShare: number
  }
  /** Woods: how much of the country, how wide their patches are, m, and how far apart trees stand in them, m. */
  readonly woods: {
    readonly share: number
    readonly patchM: number
    readonly spacingM: number
    readonly slopeGain: number
  }
  readonly wood: readonly Grows[]
  /** Single trees and bushes in the open, and how many of a hundred places have one. */
  readonly open: readonly Grows[]
  readonly openPercent: number
  /** By the water. */
  readonly shore: readonly Grows[]
  readonly shorePercent: number
  /** Rows along roads. */
  readonly rows: readonly (Grows & { readonly everyM: number; readonly isBoth: boolean; readonly stretch: number })[]
  /** What lines a road for stretches: a share of it, so far from the asphalt, m. */
  readonly roadside: { readonly name: 'hedge' | 'wall' | 'fence'; readonly share: number; readonly offM: number }
  /** Boulders of the open and of steep ground, percent of places. */
  readonly rockPercent: number
  readonly rockTint: readonly [from: number, to: number]
  readonly covers: readonly Cover[]
  /** Length of grass, 1: a meadow, and how thick it stands. */
  readonly grassTall: number
  readonly tints: Partial<Record<PlantName, readonly [from: number, to: number]>>
  readonly water: {
    readonly deep: Rgb
    readonly shallow: Rgb
    /** Height of the waves, m, drawn in the water's normals only. */
    readonly swell: number
    readonly foam: number
  }
  /** Cliffs instead of beaches along a share of the shore; rocks in the water before them. */
  readonly cliffShare: number
  readonly skerries: boolean
}

/** Two greens between which each plant has its own, sRGB; a look may have others. */
export const TINTS: Record<PlantName, readonly [from: number, to: number]> = {
  lime: [0x5a8a2c, 0x84a83e],
  plane: [0x6f9440, 0x9bae52],
  oak: [0x4c6f2a, 0x7c8c38],
  birch: [0x6f9138, 0x95a84a],
  poplar: [0x567a36, 0x7f9142],
  willow: [0x8aa45a, 0xabb86e],
  bent: [0x4d5f30, 0x6d7338],
  spruce: [0x1f3d2a, 0x3d5d38],
  larch: [0x4f7d38, 0x76963f],
  pine: [0x37583a, 0x56703e],
  mugo: [0x26482a, 0x41602f],
  bush: [0x4f6f2e, 0x838c3e],
  gorse: [0x3d5a2a, 0x566a30],
  rose: [0x4f6f34, 0x6f8644],
  hedge: [0x3f652a, 0x5f7f34],
  wall: [0x807a6c, 0x9a948a],
  fence: [0x8a7a66, 0x9a8c78],
  rock: [0x8a857c, 0xa39d92],
  kale: [0x4d7a3a, 0x77983f],
  reed: [0x8a8f4a, 0xb0a862],
  haystack: [0xc7a95c, 0xc7a95c],
}
