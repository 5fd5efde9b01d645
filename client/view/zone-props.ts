import { DynamicDrawUsage, Group, InstancedMesh, Matrix4, MeshLambertMaterial, Quaternion, Vector3 } from 'three'
import { PROP_KINDS, type PropKind } from '#physics/zone-ground'
import { airy, type Air } from './materials.ts'
import { geometryOf } from './piece-mesh.ts'
import type { Shape } from './shape.ts'
import { box, cone, cylinder, merged, painted } from './solids.ts'
import type { Quality } from './view-types.ts'
import { xOf, zOf, type ZoneFrame } from './zone-frame.ts'
import type { PropPose } from './zone-types.ts'

export interface ZoneProps {
  readonly group: Group
  /** Poses in the order of `ground.props`; those that are undefined stand at home. */
  update(poses: readonly (PropPose | undefined)[]): void
}

/** What can be pushed, one draw per kind. */
export function createZoneProps(frame: ZoneFrame, air: Air, quality: Quality): ZoneProps {
  const { props } = frame.site.ground
  const group = new Group()
  const material = airy(new MeshLambertMaterial({ vertexColors: true }), air, 'park-props')
  const meshes = new Map<PropKind, InstancedMesh>()
  for (const kind of PROP_KINDS) {
    const count = props.filter((prop) => prop.kind === kind).length
    if (count === 0) continue
    const mesh = new InstancedMesh(geometryOf(MODELS[kind]()), material, count)
    mesh.instanceMatrix.setUsage(DynamicDrawUsage)
    mesh.castShadow = quality === 'high' || quality === 'medium'
    mesh.receiveShadow = true
    mesh.frustumCulled = false
    meshes.set(kind, mesh)
    group.add(mesh)
  }
  // Park axes (u, v, up) in the picture (x, y, z): one turn for all, mirrored where the park's axes are.
  const basis = new Quaternion().setFromRotationMatrix(
    new Matrix4().makeBasis(
      new Vector3(frame.ux, 0, frame.uz),
      new Vector3(0, 1, 0),
      new Vector3(-frame.uz, 0, frame.ux),
    ),
  )
  const at = new Vector3()
  const turn = new Quaternion()
  const one = new Vector3(1, 1, 1)
  const matrix = new Matrix4()
  const update = (poses: readonly (PropPose | undefined)[]): void => {
    const next = new Map<PropKind, number>()
    props.forEach((home, i) => {
      const pose = poses[i] ?? homePose(home)
      const k = next.get(home.kind) ?? 0
      next.set(home.kind, k + 1)
      at.set(xOf(frame, pose.u, pose.v), pose.z, zOf(frame, pose.u, pose.v))
      // A turn's axis along u, up, and across (U × up); in a mirror image turns go the other way round.
      const m = frame.mirror
      turn.set(m * pose.qx, m * pose.qz, -pose.qy, pose.qw)
      turn.premultiply(basis)
      matrix.compose(at, turn, one)
      meshes.get(home.kind)!.setMatrixAt(k, matrix)
    })
    for (const mesh of meshes.values()) mesh.instanceMatrix.needsUpdate = true
  }
  update([])
  return { group, update }
}

function homePose({
  u,
  v,
  z,
  headU,
  headV,
}: {
  u: number
  v: number
  z: number
  headU: number
  headV: number
}): PropPose {
  const qw = Math.sqrt(0.5 * (1 + headU))
  const qz = Math.sqrt(0.5 * (1 - headU)) * (headV < 0 ? -1 : 1)
  return { u, v, z, qx: 0, qy: 0, qz, qw }
}

/** Models with their long side along x and up along y, about the middle that the engine turns them by. */
const MODELS: Record<PropKind, () => Shape> = {
  cone: () =>
    solid([
      painted(box([0, -0.235, 0], [0.4, 0.035, 0.4]), 0x24262a),
      painted(cylinder(0.1, 0.155, 0.2, 14).translate(0, -0.12, 0), 0xf0561d),
      painted(cylinder(0.07, 0.1, 0.13, 14).translate(0, 0.045, 0), 0xf7f3ea),
      painted(cylinder(0.03, 0.07, 0.2, 14).translate(0, 0.21, 0), 0xf0561d),
      painted(cone(0.03, 0.04, 10).translate(0, 0.33, 0), 0xd8481a),
    ]),
  crate: () => {
    const parts = [painted(box([0, 0, 0], [0.54, 0.54, 0.54]), 0x7c5a36)]
    for (const side of [-1, 1]) {
      for (const k of [-1, 0, 1]) {
        parts.push(painted(box([0, k * 0.2, side * 0.275], [0.6, 0.15, 0.03]), 0xc79a62))
        parts.push(painted(box([side * 0.275, k * 0.2, 0], [0.03, 0.15, 0.6]), 0xb98c56))
        parts.push(painted(box([0, side * 0.275, k * 0.2], [0.6, 0.03, 0.15]), 0xd0a56d))
      }
      for (const other of [-1, 1]) parts.push(painted(box([side * 0.27, 0, other * 0.27], [0.07, 0.6, 0.07]), 0x94703f))
    }
    return solid(parts)
  },
  barrier: () => {
    const parts: Shape[] = []
    for (let k = 0; k < 4; k++) {
      const color = k % 2 === 0 ? 0xd8321f : 0xf5f2ec
      const x = -0.5625 + k * 0.375
      parts.push(painted(box([x, 0.12, 0], [0.375, 0.56, 0.17]), color))
      parts.push(painted(box([x, -0.28, 0], [0.375, 0.24, 0.4]), color))
    }
    return solid(parts)
  },
  bale: () =>
    solid([
      painted(
        box([0, 0, 0], [1.1, 0.44, 0.48], [8, 3, 4]),
        0xcfae55,
        0.35,
        (
          (n) => () =>
            (n = (n * 16807) % 2147483647) / 2147483647
        )(77),
      ),
      ...[-0.3, 0.3].map((x) => painted(box([x, 0, 0], [0.03, 0.452, 0.492]), 0x8a4b2b)),
    ]),
}

function solid(parts: Shape[]): Shape {
  return merged(parts, ['position', 'normal', 'color'])
}
