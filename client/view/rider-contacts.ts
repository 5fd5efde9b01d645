import { BufferAttribute, BufferGeometry, DynamicDrawUsage, Group, InstancedMesh, ShaderMaterial } from 'three'

/** Darkness where tyres meet the road: without it riders float wherever the sun throws no shadow map. */
export interface Contacts {
  readonly mesh: Group
  grow(capacity: number): void
  /** One more rider, standing as the matrix at `offset` says. */
  put(matrices: ArrayLike<number>, offset: number): void
  /** Shows those put since the last call. */
  show(): void
  dispose(): void
}

const HALF_WIDE_M = 0.3
const HALF_LONG_M = 0.95
const ABOVE_ROAD_M = 0.015

export function createContacts(): Contacts {
  const holder = new Group()
  const geometry = new BufferGeometry()
  const corners = [-1, -1, 1, -1, 1, 1, -1, 1].map((side, i) => side * (i % 2 === 0 ? HALF_WIDE_M : HALF_LONG_M))
  const position = [0, 2, 4, 6].flatMap((i) => [corners[i]!, ABOVE_ROAD_M, corners[i + 1]! + 0.08])
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(position), 3))
  geometry.setAttribute('uv', new BufferAttribute(Float32Array.of(-1, -1, 1, -1, 1, 1, -1, 1), 2))
  geometry.setIndex([0, 2, 1, 0, 3, 2])
  const material = new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    polygonOffset: true,
    polygonOffsetFactor: -2,
    polygonOffsetUnits: -2,
    vertexShader: `varying vec2 vFrom; void main(){vFrom=uv;gl_Position=projectionMatrix*viewMatrix*modelMatrix*instanceMatrix*vec4(position,1.);}`,
    fragmentShader: `varying vec2 vFrom; void main(){float d=1.-clamp(dot(vFrom,vFrom),0.,1.);gl_FragColor=vec4(.02,.025,.04,.5*d*d);}`,
  })
  let mesh: InstancedMesh | undefined
  let count = 0
  return {
    mesh: holder,
    grow: (capacity) => {
      if (mesh !== undefined) {
        holder.remove(mesh)
        mesh.dispose()
      }
      mesh = new InstancedMesh(geometry, material, capacity)
      mesh.instanceMatrix.setUsage(DynamicDrawUsage)
      mesh.frustumCulled = false
      mesh.count = 0
      holder.add(mesh)
    },
    put: (matrices, offset) => {
      const own = mesh!.instanceMatrix.array
      for (let k = 0; k < 16; k++) own[count * 16 + k] = matrices[offset + k]!
      count++
    },
    show: () => {
      mesh!.count = count
      mesh!.visible = count > 0
      mesh!.instanceMatrix.needsUpdate = true
      count = 0
    },
    dispose: () => {
      mesh?.dispose()
      geometry.dispose()
      material.dispose()
    },
  }
}
