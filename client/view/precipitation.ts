import {
  BufferAttribute,
  DoubleSide,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  ShaderMaterial,
  Vector3,
  Vector4,
  type Camera,
} from 'three'
import { createRandom } from '#physics/random'
import type { SceneRiders } from '../world/scene-riders.ts'
import { HAZE_GLSL } from './air-glsl.ts'
import type { Air } from './materials.ts'
import { createSpot, spotAt, type Path, type Spot } from './path.ts'
import type { Quality } from './view-types.ts'

/** Drops and flakes around the eye; of each hundred so many splash on the road, and so many fly off wheels. */
const DROPS: Record<Quality, number> = { test: 300, low: 900, medium: 2000, high: 3400 }
const SPLASH_SHARE = 0.16
/** Riders whose wheels throw water, and drops each. */
const SPRAYS = 8
const SPRAY_DROPS = 26
/** Box of air before the eye that is filled, m, and how far before it its middle lies. */
const BOX_M = new Vector3(21, 13, 21)
const AHEAD_M = 8
const FALL_MPS = 9.2
const FLAKE_MPS = 1.5

export interface Precipitation {
  readonly mesh: Mesh
  /** Before each frame; nothing is drawn when it is dry. */
  update(camera: Camera, riders: SceneRiders, road: Spot): void
}

/** Rain or, above the snow line, snow: streaks by the speed of drop and eye, splashes, spray. One draw. */
export function createPrecipitation(air: Air, tape: Path, quality: Quality): Precipitation {
  const drops = DROPS[quality]
  const room = drops + SPRAYS * SPRAY_DROPS
  const random = createRandom(77)
  const seed = new Float32Array(room * 4)
  for (let i = 0; i < room; i++) {
    seed.set([random.fraction(), random.fraction(), random.fraction()], i * 4)
    // Sorted by kind: 0 … 1 falls, 1 … 2 splashes, 10 … flies off wheel (10 − n).
    const kind = i >= drops ? 10 + Math.floor((i - drops) / SPRAY_DROPS) : i < drops * SPLASH_SHARE ? 1 : 0
    seed[i * 4 + 3] = kind + 0.999 * random.fraction()
  }
  const geometry = new InstancedBufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.of(-1, 0, 0, 1, 0, 0, 1, 1, 0, -1, 1, 0), 3))
  geometry.setIndex([0, 1, 2, 0, 2, 3])
  geometry.setAttribute('seed', new InstancedBufferAttribute(seed, 4))
  const sprayAt = Array.from({ length: SPRAYS }, () => new Vector4())
  const sprayTo = Array.from({ length: SPRAYS }, () => new Vector3())
  const own = {
    /** Where the drops have fallen and blown to, in the box. */
    rainShift: { value: new Vector3() },
    /** Of a drop as the eye sees it, m/s. */
    rainGoes: { value: new Vector3() },
    rainBox: { value: BOX_M },
    /** The middle of that box. */
    rainMiddle: { value: new Vector3() },
    /** Road under the eye: a place on it, direction and slope. */
    rainRoad: { value: new Vector3() },
    rainAlong: { value: new Vector3() },
    sprayAt: { value: sprayAt },
    sprayTo: { value: sprayTo },
  }
  const material = new ShaderMaterial({
    uniforms: { ...air.uniforms, ...own } as never,
    transparent: true,
    side: DoubleSide,
    depthWrite: false,
    vertexShader: VERTEX.replaceAll('SPRAYS', String(SPRAYS)),
    fragmentShader: FRAGMENT,
  })
  const mesh = new Mesh(geometry, material)
  mesh.frustumCulled = false
  mesh.renderOrder = 20
  const spot = createSpot()
  const u = air.uniforms

  return {
    mesh,
    update: (camera, riders, road) => {
      const rain = u.airRain.value
      const speedMps = riders.count > 0 ? riders.speedMps[0]! : 0
      const isSpraying = u.airWet.value > 0.25 && u.airSnowLineM.value > road.y + 30
      mesh.visible = rain > 0.01 || isSpraying
      if (!mesh.visible) return
      const middle = own.rainMiddle.value
      camera.getWorldDirection(middle).multiplyScalar(AHEAD_M).add(camera.position)
      const timeS = u.airTimeS.value
      const isSnow = middle.y > u.airSnowLineM.value
      const fallMps = isSnow ? FLAKE_MPS : FALL_MPS
      const { x: windX, y: windZ } = u.airWind.value
      own.rainShift.value.set(
        wrap(windX * timeS - middle.x, BOX_M.x),
        wrap(-fallMps * timeS - middle.y, BOX_M.y),
        wrap(windZ * timeS - middle.z, BOX_M.z),
      )
      own.rainGoes.value.set(windX - road.dirX * speedMps, -fallMps, windZ - road.dirZ * speedMps)
      own.rainRoad.value.set(road.x, road.y, road.z)
      own.rainAlong.value.set(road.dirX, road.slope, road.dirZ)
      for (let i = 0; i < SPRAYS; i++) {
        const isThere = isSpraying && i < riders.count && riders.fade[i]! < 0.5
        const v = isThere ? riders.speedMps[i]! : 0
        if (isThere) spotAt(tape, riders.placeM[i]!, riders.lateralM[i]!, spot)
        sprayAt[i]!.set(spot.x - spot.dirX * 0.5, spot.y + 0.05, spot.z - spot.dirZ * 0.5, v < 3 ? 0 : v)
        sprayTo[i]!.set(spot.dirX, spot.slope, spot.dirZ)
      }
      geometry.instanceCount = isSpraying ? room : drops
    },
  }
}

function wrap(x: number, sizeM: number): number {
  return x - sizeM * Math.floor(x / sizeM)
}

const VERTEX = `attribute vec4 seed; varying vec2 vAt; varying vec4 vLook; varying vec3 vFromEye;
uniform vec3 rainShift,rainGoes,rainBox,rainMiddle,rainRoad,rainAlong; uniform vec4 sprayAt[SPRAYS]; uniform vec3 sprayTo[SPRAYS];
uniform float airRain,airWet,airTimeS,airSnowLineM;
void main(){
  vAt=position.xy; float kind=floor(seed.w), chance=seed.w-kind; float snow=0.;
  vec3 at; vec3 rest=vec3(0.); float alpha=0., look=0.;
  if(kind<.5){
    vec3 rel=mod(seed.xyz*rainBox+rainShift,rainBox)-.5*rainBox;
    snow=smoothstep(-14.,14.,rainMiddle.y+rel.y-airSnowLineM+9.*(chance-.5));
    if(snow>.5){rel.xz+=.35*vec2(sin(airTimeS*1.1+chance*40.),cos(airTimeS*.9+chance*57.)); look=1.;}
    at=rainMiddle+rel; float edge=length(rel.xz); rel=at-cameraPosition; float d=length(rel);
    vec3 goes=rainGoes; vec3 along=goes*mix(.032,.012,snow); vec3 side=normalize(cross(along,rel))*max(mix(.005,.022,snow),d*mix(.0011,.0015,snow));
    if(snow>.5){float l=length(along); along=along/max(l,1e-4)*max(.03,min(l,.11)); }
    at+=side*position.x+along*(position.y-.5);
    alpha=step(chance,min(1.,.18+airRain*1.1))*smoothstep(0.,.12,airRain)*smoothstep(.5,1.6,d)*smoothstep(.5*rainBox.x,.36*rainBox.x,edge)*mix(.5,.95,snow);
  }else if(kind<1.5){
    // Where a drop meets the road: a ring that widens and is gone.
    float beat=airTimeS*3.1+chance*9.; float n=floor(beat), t=beat-n;
    vec2 q=fract(seed.xy+n*vec2(.618,.414))-.5;
    vec3 right=vec3(-rainAlong.z,0.,rainAlong.x);
    vec3 ahead=vec3(rainAlong.x,rainAlong.y,rainAlong.z);
    at=rainRoad+ahead*(q.y*26.+7.)+right*q.x*6.4+vec3(0.,.06,0.);
    float size=.015+.07*t; look=2.;
    at+=right*position.x*size+ahead*(position.y*2.-1.)*size;
    snow=smoothstep(-14.,14.,rainRoad.y-airSnowLineM);
    alpha=(1.-t)*.5*step(seed.z,airRain*1.2)*(1.-snow)*airWet;
  }else{
    vec4 wheel=vec4(0.); vec3 to=vec3(0.);
    for(int i=0;i<SPRAYS;i++)if(abs(kind-10.-float(i))<.5){wheel=sprayAt[i];to=sprayTo[i];}
    // Thrown up and back off the tyre, then it falls behind.
    float t=fract(airTimeS*(2.6+seed.y)+chance*7.)*.34; float v=wheel.w;
    vec3 right=vec3(-to.z,0.,to.x);
    vec3 throwMps=-to*(1.2+.16*v*seed.x)+vec3(0.,(.35+.65*seed.y)*min(3.4,.32*v),0.)+right*(seed.z-.5)*.7;
    vec3 p=throwMps*t+vec3(0.,-4.9*t*t,0.);
    at=wheel.xyz+p; vec3 rel=at-cameraPosition; float d=length(rel);
    vec3 across=normalize(cross(rel,vec3(0.,1.,0.))); float size=max(.012+.11*t,d*.0011);
    at+=across*position.x*size+vec3(0.,1.,0.)*(position.y*2.-1.)*size;
    look=1.; alpha=(v>0.?1.:0.)*smoothstep(3.,10.,v)*airWet*.3*(1.-t/.34)*smoothstep(.2,.7,wheel.w);
  }
  vLook=vec4(alpha,look,snow,0.); vFromEye=at-cameraPosition;
  gl_Position=alpha<=.003?vec4(2.,2.,2.,1.):projectionMatrix*viewMatrix*vec4(at,1.);
}`

const FRAGMENT = `varying vec2 vAt; varying vec4 vLook; varying vec3 vFromEye;
uniform vec3 airZenith,airSun,airLampAt,airLampTo; uniform float airLamp; ${HAZE_GLSL}
void main(){
  float a; vec2 q=vec2(vAt.x,vAt.y*2.-1.);
  if(vLook.y<.5)a=(1.-abs(vAt.x))*smoothstep(0.,.3,vAt.y)*smoothstep(1.,.6,vAt.y);
  else if(vLook.y<1.5){float d=dot(q,q); a=smoothstep(1.,.1,d);}
  else{float d=length(q); a=smoothstep(.5,.8,d)*smoothstep(1.,.85,d);}
  vec3 c=mix(hazeColor(vFromEye,airSun),airZenith,.2)*1.12+vec3(.01)+airSunColor*.1;
  if(vLook.z>.5)c=c*1.45+airSunColor*.25;
  if(airLamp>0.){vec3 l=(viewMatrix*vec4(vFromEye+cameraPosition,1.)).xyz-airLampAt; float d=length(l);
    c+=vec3(1.,.95,.85)*airLamp*.55*smoothstep(.82,.98,dot(l/d,airLampTo))/(1.+.05*d*d);}
  gl_FragColor=vec4(c,a*vLook.x);
  #include <tonemapping_fragment>
  #include <colorspace_fragment>
}`
