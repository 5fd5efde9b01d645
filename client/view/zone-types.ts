/** Where a prop is, in the park's axes: u, v, up, and its turn there (a unit quaternion about u, v, up). */
export interface PropPose {
  readonly u: number
  readonly v: number
  readonly z: number
  readonly qx: number
  readonly qy: number
  readonly qz: number
  readonly qw: number
}

/** A rider in a park, as the server's poses have them, smoothed to the moment of the frame. */
export interface ZoneRiderPose {
  readonly zone: number
  readonly u: number
  readonly v: number
  readonly z: number
  readonly headU: number
  readonly headV: number
  /** Rise over run below the wheels, or of the flight. */
  readonly slope: number
  /** Lean, rad, towards v positive. */
  readonly lean: number
  readonly speedMps: number
  readonly isDown: boolean
}

/** What the picture is told of the parks each frame. Without it props stand at home and nobody rides there. */
export interface ZoneScene {
  rider(riderId: number): ZoneRiderPose | undefined
  /** Who lies on the ground now. */
  fallen(): readonly number[]
  props(zone: number): readonly (PropPose | undefined)[]
}

/** Where the country makes room: it lies below a park's own ground and comes up to it around. */
export interface Pad {
  /** 0 far away, 1 on the park. */
  shareAt(x: number, z: number): number
  heightAt(x: number, z: number): number
}
