import { BufferAttribute, BufferGeometry, Group, Mesh, MeshLambertMaterial } from 'three'
import { chunked } from './chunks.ts'
import { airy, NOISE_GLSL, type Air } from './materials.ts'
import { createSpot, spotAt, type Path } from './path.ts'
import type { Quality } from './view-types.ts'

/** Across the ribbon: shares of the half width, then metres beyond the edge, and metres above the baked height. */
const ACROSS: readonly (readonly [share: number, beyondM: number, upM: number])[] = [
  [-1, -0.95, -0.2],
  [-1, -0.3, 0.0],
  [-1, 0, 0.02],
  [0, 0, 0.045],
  [1, 0, 0.02],
  [1, 0.3, 0.0],
  [1, 0.95, -0.2],
]
/** Asphalt lies this far above the baked height at its crown; riders stand on it. */
const CROWN_M = 0.045

/** Height of the asphalt above the baked height, at a share of the half width. */
export function crownAt(lateralM: number, halfWidthM: number): number {
  return CROWN_M - 0.025 * Math.min(1, Math.abs(lateralM) / halfWidthM)
}

/** The ribbon of asphalt; lines, patches and wear are drawn by its fragment shader in metres. */
export function createRoad(path: Path, air: Air, quality: Quality, startM: number): Group {
  const everyM = quality === 'high' || quality === 'medium' ? 2 : 3
  const rings = Math.ceil(path.lengthM / everyM) + 1
  const per = ACROSS.length
  const position = new Float32Array(rings * per * 3)
  const uv = new Float32Array(rings * per * 2)
  const half = new Float32Array(rings * per)
  const index = new Uint32Array((rings - 1) * (per - 1) * 6)
  const spot = createSpot()
  for (let r = 0, q = 0; r < rings; r++) {
    const distanceM = Math.min(path.lengthM, r * everyM)
    const halfWidthM = path.halfWidthM[Math.min(path.count - 1, Math.floor(distanceM))]!
    for (let j = 0; j < per; j++) {
      const [share, beyondM, upM] = ACROSS[j]!
      const lateralM = share * halfWidthM + beyondM
      spotAt(path, distanceM, lateralM, spot)
      const k = r * per + j
      position.set([spot.x, spot.y + upM, spot.z], k * 3)
      uv.set([lateralM, distanceM], k * 2)
      half[k] = halfWidthM
      if (r === rings - 1 || j === per - 1) continue
      index.set([k, k + 1, k + per, k + per, k + 1, k + per + 1], q)
      q += 6
    }
  }
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(position, 3))
  geometry.setAttribute('uv', new BufferAttribute(uv, 2))
  geometry.setAttribute('roadHalf', new BufferAttribute(half, 1))
  geometry.setIndex(new BufferAttribute(index, 1))
  geometry.computeVertexNormals()
  const group = new Group()
  const material = roadMaterial(air, startM)
  for (const chunk of chunked(geometry, 4)) {
    const mesh = new Mesh(chunk, material)
    mesh.receiveShadow = true
    mesh.matrixAutoUpdate = false
    group.add(mesh)
  }
  return group
}

function roadMaterial(air: Air, startM: number): MeshLambertMaterial {
  const edits = [
    { stage: 'vertex', chunk: 'common', code: 'attribute float roadHalf; varying float vHalf; varying vec2 vRoad;' },
    { stage: 'vertex', chunk: 'begin_vertex', code: 'vHalf=roadHalf; vRoad=uv;' },
    {
      stage: 'fragment',
      chunk: 'common',
      code: `varying float vHalf; varying vec2 vRoad; uniform float startM; ${NOISE_GLSL}
        float stripe(float x,float halfWidth){float a=fwidth(x);return 1.-smoothstep(halfWidth-a*.6,halfWidth+a*.6,abs(x));}`,
    },
    {
      stage: 'fragment',
      chunk: 'color_fragment',
      code: `{
        vec2 q=vRoad; float seen=length(vFromEye); float near=1.-smoothstep(12.,55.,seen);
        float grain=(noise2(q*41.)-.5)*.34*near+(noise2(q*vec2(5.,2.))-.5)*.2*(1.-smoothstep(60.,200.,seen))+(noise2(q*vec2(.7,.13))-.5)*.3;
        vec3 a=vec3(.118,.117,.116)*(1.+grain);
        // Wheels polish two lanes; oil darkens between them.
        float lane=abs(q.x); a*=1.+.1*exp(-pow((lane-1.75)/.5,2.))-.06*exp(-pow((lane-.95)/.3,2.));
        float patched=step(.86,hash2(floor(q*vec2(.3,.055)+3.)))*step(lane,vHalf-.5); a*=1.-.2*patched;
        float wear=.7+.3*smoothstep(.25,.6,noise2(q*vec2(9.,3.)));
        float edge=stripe(lane-(vHalf-.28),.065), dash=stripe(q.x,.06)*step(fract(q.y/9.),.36);
        a=mix(a,vec3(.7,.7,.66),clamp(edge+dash,0.,1.)*wear);
        float line=step(abs(q.y-startM),1.5)*step(lane,vHalf-.35);
        float check=mod(floor(q.x*2.)+floor((q.y-startM)*2.+100.),2.);
        a=mix(a,mix(vec3(.82),vec3(.03),check),line*.95);
        float stone=smoothstep(.0,.22,lane-vHalf+.12*(noise2(q*3.)-.5));
        a=mix(a,vec3(.33,.27,.18)*(.75+.5*noise2(q*8.)),stone);
        diffuseColor.rgb=a;
      }`,
    },
    {
      // Wet-look sheen at a grazing angle towards the sun: the road shines ahead at dawn.
      stage: 'fragment',
      chunk: 'lights_fragment_end',
      code: `{vec3 e=normalize(-vFromEye); vec3 h=normalize(e+airSunView); float graze=pow(1.-max(dot(normal,e),0.),4.);
        totalEmissiveRadiance+=airSunColor*(pow(max(dot(normal,h),0.),26.)*.22*graze);}`,
    },
  ] as const
  const material = new MeshLambertMaterial({ color: 0xffffff })
  return airy(material, air, 'road', edits, { startM: { value: startM } })
}
