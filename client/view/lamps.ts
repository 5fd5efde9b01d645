import {
  AdditiveBlending,
  BufferAttribute,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  ShaderMaterial,
} from 'three'
import type { SceneRiders } from '../world/scene-riders.ts'
import { HAZE_GLSL } from './air-glsl.ts'
import { LAMP_UP_M, type StreetLamp } from './lamp-plan.ts'
import type { Air } from './materials.ts'
import { createSpot, spotAt, type Path, type Spot } from './path.ts'

/** Riders whose lamps are lit: the nearest come first in the table. */
const RIDERS_MAX = 80
/** Per rider: lamp in front, lamp behind, its light on the road. */
const CARDS = 3
const POOL_M = 8.5
const ROOF_POOL_M = 6

export interface Lamps {
  readonly mesh: Mesh
  /** Before each frame; nothing is drawn by day. `inZone` puts who rides off the road there and answers the lean, else NaN. */
  update(riders: SceneRiders, inZone?: (riderId: number, out: Spot) => number): void
}

/** Every light of the night as glowing cards, one draw: street lamps and their pools on the road, riders' lamps. */
export function createLamps(air: Air, tape: Path, street: readonly StreetLamp[]): Lamps {
  const fixed = street.length * 2
  const room = fixed + RIDERS_MAX * CARDS
  /** Place and size; colour and kind: 0 a glow, 1 a glow seen from one side, 2 light on the road. */
  const place = new Float32Array(room * 4)
  const tint = new Float32Array(room * 4)
  /** Where it shines, level; how long its light on the road is for its width. */
  const aim = new Float32Array(room * 3)
  street.forEach(({ x, y, z, inX, inZ, armM, upM, isRoofed }, i) => {
    const [hx, hz] = [x + inX * armM, z + inZ * armM]
    put(i * 2, hx, y + upM - 0.12, hz, 0.85)
    paint(i * 2, 1, 0.76, 0.42, 0)
    const reach = isRoofed ? ROOF_POOL_M : POOL_M
    put(i * 2 + 1, hx + inX * 1.2, y + 0.2, hz + inZ * 1.2, reach * (upM / LAMP_UP_M))
    paint(i * 2 + 1, 0.22, 0.152, 0.075, 2)
    turn(i * 2 + 1, inX, inZ, 1)
  })
  const geometry = new InstancedBufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.of(-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0), 3))
  geometry.setIndex([0, 1, 2, 0, 2, 3])
  const moving = (array: Float32Array, size: number) => {
    const made = new InstancedBufferAttribute(array, size)
    made.setUsage(DynamicDrawUsage)
    return made
  }
  const places = moving(place, 4)
  const aims = moving(aim, 3)
  geometry.setAttribute('lampPlace', places)
  geometry.setAttribute('lampTint', moving(tint, 4))
  geometry.setAttribute('lampAim', aims)
  for (let i = 0; i < RIDERS_MAX; i++) {
    const at = fixed + i * CARDS
    paint(at, 0.95, 0.97, 1, 1)
    paint(at + 1, 1, 0.07, 0.04, 1)
    paint(at + 2, 0.06, 0.06, 0.056, 2)
  }
  const material = new ShaderMaterial({
    uniforms: air.uniforms as never,
    transparent: true,
    depthWrite: false,
    blending: AdditiveBlending,
    vertexShader: `attribute vec4 lampPlace,lampTint; attribute vec3 lampAim; varying vec2 vAt; varying vec4 vTint; varying float vSeen;
      ${HAZE_GLSL}
      uniform float airNight;
      void main(){
        vAt=position.xy; vec3 at=lampPlace.xyz; float kind=lampTint.w;
        vec4 eye; vec3 fromEye=at-cameraPosition; float seen=length(fromEye);
        float size=lampPlace.w;
        if(kind<1.5){
          // Far lamps stay points of light.
          size=max(size,seen*.006);
          float face=kind<.5?1.:smoothstep(-.15,.75,dot(lampAim.xy,-normalize(fromEye).xz));
          size*=.35+.65*face;
          eye=viewMatrix*vec4(at,1.); eye.xy+=position.xy*size; eye.z+=.12;
          vTint=vec4(lampTint.rgb*face,kind);
        }else{
          vec2 d=lampAim.xy; vec2 q=d*position.y*lampAim.z+vec2(-d.y,d.x)*position.x;
          eye=viewMatrix*vec4(at+vec3(q.x,0.,q.y)*size,1.); vTint=vec4(lampTint.rgb,kind);
        }
        float thin=1.-hazeShare(seen,cameraPosition.y,fromEye.y);
        vTint.rgb*=airNight*(kind<1.5?thin:thin*thin*airNight)*smoothstep(1500.,700.,seen);
        vSeen=seen;
        gl_Position=projectionMatrix*eye;
        if(kind>1.5)gl_Position.z-=.0004*gl_Position.w;
        if(lampPlace.w==0.||airNight<=0.)gl_Position=vec4(2.,2.,2.,1.);
      }`,
    fragmentShader: `varying vec2 vAt; varying vec4 vTint; varying float vSeen; uniform float airWet;
      void main(){
        float d=length(vAt); if(d>1.)discard;
        float glow;
        if(vTint.w<1.5)glow=1.7*smoothstep(.13,.05,d)+.55*pow(1.-d,3.)+.1*(1.-d)*(1.-d);
        else{glow=(1.-d)*(1.-d)*(1.+.6*(1.-d)); glow*=1.+.5*airWet;}
        gl_FragColor=vec4(vTint.rgb*glow,1.);
        #include <tonemapping_fragment>
        #include <colorspace_fragment>
      }`,
  })
  const mesh = new Mesh(geometry, material)
  mesh.frustumCulled = false
  mesh.renderOrder = 18
  const spot = createSpot()

  return {
    mesh,
    update: (riders, inZone) => {
      mesh.visible = air.uniforms.airNight.value > 0.01
      if (!mesh.visible) return
      const count = Math.min(RIDERS_MAX, riders.count)
      for (let i = 0; i < count; i++) {
        const at = fixed + i * CARDS
        spotAt(tape, riders.placeM[i]!, riders.lateralM[i]!, spot)
        const leanRad = inZone === undefined ? NaN : inZone(riders.id[i]!, spot)
        const { x, y, z, dirX, dirZ, slope } = spot
        // Who has fallen lies on the lamp.
        const lit = riders.fade[i]! > 0.5 || Math.abs(leanRad) > 1 ? 0 : 1
        const over = Math.sin(Number.isNaN(leanRad) ? riders.leanRad[i]! : leanRad)
        put(
          at,
          x + dirX * 0.62 - dirZ * 0.93 * over,
          y + 0.93 + 0.62 * slope,
          z + dirZ * 0.62 + dirX * 0.93 * over,
          0.3 * lit,
        )
        turn(at, dirX, dirZ, 1)
        put(
          at + 1,
          x - dirX * 0.34 - dirZ * 0.78 * over,
          y + 0.78 - 0.34 * slope,
          z - dirZ * 0.34 + dirX * 0.78 * over,
          0.2 * lit,
        )
        turn(at + 1, -dirX, -dirZ, 1)
        // Row 0 has a real beam (materials.ts).
        put(at + 2, x + dirX * 4.6, y + 0.07 + 4.6 * slope, z + dirZ * 4.6, i === 0 ? 0 : 0.95 * lit)
        turn(at + 2, dirX, dirZ, 2.9)
      }
      geometry.instanceCount = fixed + count * CARDS
      places.needsUpdate = true
      aims.needsUpdate = true
    },
  }

  function put(i: number, x: number, y: number, z: number, size: number): void {
    place[i * 4] = x
    place[i * 4 + 1] = y
    place[i * 4 + 2] = z
    place[i * 4 + 3] = size
  }
  function paint(i: number, r: number, g: number, b: number, kind: number): void {
    tint.set([r, g, b, kind], i * 4)
  }
  function turn(i: number, x: number, z: number, long: number): void {
    aim[i * 3] = x
    aim[i * 3 + 1] = z
    aim[i * 3 + 2] = long
  }
}
