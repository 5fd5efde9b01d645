import { Color, Vector3, type IUniform, type Material } from 'three'

/** What every surface shares: the hour of the day, the haze between eye and hill, the clock of leaves and water. */
export interface Air {
  readonly sunDirection: Vector3
  readonly sunColor: Color
  readonly skyColor: Color
  readonly uniforms: {
    readonly airTimeS: IUniform<number>
    readonly airSun: IUniform<Vector3>
    /** The same direction in the axes of the camera; set every frame. */
    readonly airSunView: IUniform<Vector3>
    /** Haze away from the sun, and towards it. */
    readonly airCool: IUniform<Color>
    readonly airWarm: IUniform<Color>
    readonly airZenith: IUniform<Color>
    readonly airSunColor: IUniform<Color>
    /** 1/m. */
    readonly airDensity: IUniform<number>
  }
}

/** An hour after sunrise: warm light from the side, cool shade, blue hills. */
export function createAir(): Air {
  const sunDirection = new Vector3(-0.66, 0.43, 0.34).normalize()
  const sunColor = new Color(0xffdcae)
  return {
    sunDirection,
    sunColor,
    skyColor: new Color(0xbcd3f2),
    uniforms: {
      airTimeS: { value: 0 },
      airSun: { value: sunDirection },
      airSunView: { value: new Vector3() },
      airCool: { value: new Color(0xb3cbe2) },
      airWarm: { value: new Color(0xffdfb8) },
      airZenith: { value: new Color(0x2f74c4) },
      airSunColor: { value: sunColor },
      airDensity: { value: 0.00006 },
    },
  }
}

/** Hash, value noise and four octaves of it, for fragment shaders. */
export const NOISE_GLSL = `
float hash2(vec2 p){ // Whole numbers in: a hash of floats would turn to streaks ten kilometres down the road.
  uvec2 u=uvec2(ivec2(p)); uint h=u.x*1597334677u^u.y*3812015801u; h=(h^(h>>15))*2246822519u; h^=h>>13; return float(h>>8)*(1./16777216.);}
float noise2(vec2 p){vec2 i=floor(p),f=fract(p);f=f*f*(3.-2.*f);
  return mix(mix(hash2(i),hash2(i+vec2(1,0)),f.x),mix(hash2(i+vec2(0,1)),hash2(i+vec2(1,1)),f.x),f.y);}
float fractal2(vec2 p){float s=0.,a=.5;for(int i=0;i<4;i++){s+=a*noise2(p);p=p*2.03+7.;a*=.5;}return s;}
`

/** Haze by view direction; `toEye` points from the eye, any length, in the same axes as `sun`. */
export const HAZE_GLSL = `
uniform vec3 airCool,airWarm; uniform float airDensity;
vec3 hazeColor(vec3 fromEye,vec3 sun){float s=max(dot(normalize(fromEye),sun),0.);return mix(airCool,airWarm,.12+.75*s*s*s);}
`

/** One change to a built-in shader: code put after an `#include <chunk>`, or in its place. */
export interface Edit {
  readonly stage: 'vertex' | 'fragment'
  readonly chunk: string
  readonly code: string
  readonly isReplacing?: boolean
}

/**
 * Gives a built-in material our haze and further edits. `name` must be one per set of edits: three.js takes programs
 * with equal names for the same program.
 */
export function airy<M extends Material>(
  material: M,
  air: Air,
  name: string,
  edits: readonly Edit[] = [],
  uniforms: Readonly<Record<string, IUniform>> = {},
): M {
  const all: Edit[] = [...HAZE_EDITS, ...edits]
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, air.uniforms, uniforms)
    for (const { stage, chunk, code, isReplacing } of all) {
      const include = `#include <${chunk}>`
      const key = stage === 'vertex' ? 'vertexShader' : 'fragmentShader'
      shader[key] = shader[key].replace(include, isReplacing ? code : `${include}\n${code}`)
    }
  }
  material.customProgramCacheKey = () => name
  return material
}

const HAZE_EDITS: readonly Edit[] = [
  { stage: 'vertex', chunk: 'common', code: 'varying vec3 vFromEye; uniform float airTimeS;' },
  { stage: 'vertex', chunk: 'project_vertex', code: 'vFromEye=mvPosition.xyz;' },
  {
    stage: 'fragment',
    chunk: 'common',
    code: `varying vec3 vFromEye; uniform vec3 airSunView,airSunColor; uniform float airTimeS; ${HAZE_GLSL}`,
  },
  {
    stage: 'fragment',
    chunk: 'opaque_fragment',
    code: `{float haze=1.-exp(-length(vFromEye)*airDensity);
      gl_FragColor.rgb=mix(gl_FragColor.rgb,hazeColor(vFromEye,airSunView),haze*.94);}`,
  },
]
