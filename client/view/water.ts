import { BufferAttribute, BufferGeometry, Mesh, Shape, ShapeGeometry, ShaderMaterial, Vector2 } from 'three'
import { HAZE_GLSL, NOISE_GLSL, type Air } from './materials.ts'
import type { Water } from './water-plan.ts'

/** The sheet runs on under the beach by this much; the ground hides the rest. */
const UNDER_BEACH_M = 16
const SEA_HALF_M = 14_000

/** Lakes: the sky in them, the sun on their ripples, green where they are shallow. */
export function createWaterMesh(waters: readonly Water[], air: Air): Mesh | undefined {
  if (waters.length === 0) return undefined
  const sheets = waters.map((water) => (water.isSea ? sea(water) : sheet(water)))
  const position = sheets.flatMap((s) => [...s.position])
  const index: number[] = []
  let before = 0
  for (const s of sheets) {
    for (const i of s.index) index.push(before + i)
    before += s.position.length / 3
  }
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(position), 3))
  geometry.setIndex(index)
  const material = new ShaderMaterial({
    uniforms: air.uniforms as never,
    vertexShader: `varying vec3 vPlace; void main(){vPlace=position;gl_Position=projectionMatrix*modelViewMatrix*vec4(position,1.);}`,
    fragmentShader: `varying vec3 vPlace; uniform vec3 airSun,airZenith,airSunColor; uniform float airTimeS;
      ${HAZE_GLSL} ${NOISE_GLSL}
      vec2 ripple(vec2 p,float seen){
        float t=airTimeS*.7; float e=.35; vec2 g=vec2(0.);
        float small=1.-smoothstep(40.,260.,seen), wide=1.-smoothstep(300.,2200.,seen);
        vec2 a=p*.55+vec2(t*.3,t*.21), b=p*vec2(.13,.17)-vec2(t*.06,-t*.09);
        g+=small*.55*vec2(noise2(a+vec2(e,0.))-noise2(a),noise2(a+vec2(0.,e))-noise2(a));
        g+=wide*.6*vec2(noise2(b+vec2(e,0.))-noise2(b),noise2(b+vec2(0.,e))-noise2(b));
        return g;
      }
      void main(){
        vec3 toEye=cameraPosition-vPlace; float seen=length(toEye); vec3 e=toEye/seen;
        vec2 g=ripple(vPlace.xz,seen)*(.22+.3*smoothstep(.0,.25,e.y));
        vec3 n=normalize(vec3(-g.x,1.,-g.y));
        vec3 r=reflect(-e,n); r.y=abs(r.y);
        float fresnel=.03+.97*pow(1.-max(dot(n,e),0.),5.);
        vec3 haze=hazeColor(r,airSun);
        vec3 sky=mix(haze,airZenith,1.-exp(-r.y*3.1));
        // Hills stand on their heads in the far half of a still lake.
        sky=mix(sky,vec3(.12,.19,.2),.55*smoothstep(.2,.02,r.y)*smoothstep(200.,900.,seen));
        vec3 deep=mix(vec3(.012,.075,.095),vec3(.03,.14,.15),noise2(vPlace.xz*.008));
        vec3 c=mix(deep,sky,fresnel);
        float s=max(dot(r,airSun),0.);
        c+=airSunColor*(pow(s,240.)*5.+pow(s,24.)*.25);
        c*=1.+.1*(noise2(vPlace.xz*vec2(.004,.02)+airTimeS*.01)-.5);
        c=mix(c,hazeColor(-e,airSun),(1.-exp(-seen*airDensity))*.94);
        gl_FragColor=vec4(c,1.);
        #include <tonemapping_fragment>
        #include <colorspace_fragment>
      }`,
  })
  const mesh = new Mesh(geometry, material)
  mesh.matrixAutoUpdate = false
  return mesh
}

/** To the horizon, and under the land too: the ground hides it there. */
function sea({ levelM }: Water): { position: Float32Array; index: readonly number[] } {
  const h = SEA_HALF_M
  const position = Float32Array.of(-h, levelM, -h, -h, levelM, h, h, levelM, h, h, levelM, -h)
  return { position, index: [0, 1, 2, 0, 2, 3] }
}

function sheet(water: Water): { position: Float32Array; index: readonly number[] } {
  const count = water.x.length
  const outer: Vector2[] = []
  for (let i = 0; i < count; i++) {
    const a = (i + count - 1) % count
    const b = (i + 1) % count
    const ex = water.x[b]! - water.x[a]!
    const ez = water.z[b]! - water.z[a]!
    const length = Math.sqrt(ex * ex + ez * ez) || 1
    // Outwards is whichever side is farther from the water.
    const ox = (ez / length) * UNDER_BEACH_M
    const oz = (-ex / length) * UNDER_BEACH_M
    const sign = water.shoreAt(water.x[i]! + ox, water.z[i]! + oz) > 0 ? 1 : -1
    outer.push(new Vector2(water.x[i]! + sign * ox, -(water.z[i]! + sign * oz)))
  }
  const flat = new ShapeGeometry(new Shape(outer))
  const plane = flat.getAttribute('position')
  const position = new Float32Array(plane.count * 3)
  for (let i = 0; i < plane.count; i++) position.set([plane.getX(i), water.levelM, -plane.getY(i)], i * 3)
  const index = [...(flat.index?.array ?? [])]
  flat.dispose()
  return { position, index }
}
