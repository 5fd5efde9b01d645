import { Color, Vector3, Vector4, type IUniform, type Material } from 'three'
import { CLOUD_GLSL, HAZE_GLSL, SNOW_GLSL, WIND_GLSL } from './air-glsl.ts'

export { HAZE_GLSL, NOISE_GLSL } from './air-glsl.ts'

/**
 * What every surface shares: the light of the hour, the haze between eye and hill, wind, wet, snow and lamps.
 * `air-drive.ts` fills it each frame from the room's sky; shaders read it, and nobody else writes.
 */
export interface Air {
  /** Towards the light that casts shadows: the sun, at night the moon. */
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
    /** Colour of that light by its strength: full daylight is about 1, night nearly 0. */
    readonly airSunColor: IUniform<Color>
    /** 1/m. */
    readonly airDensity: IUniform<number>
    /** Mist in valleys: density at its floor, 1/m; height of the floor, m; 1 / height in which it thins, 1/m; unused. */
    readonly airBank: IUniform<Vector4>
    /** Where the air goes, m/s: east, south; mean speed, m/s; how far gusts swing, 0 … 1. Ask `windAt` (WIND_GLSL). */
    readonly airWind: IUniform<Vector4>
    /** Where the gusts have drifted to: whole cells, and parts of a cell. */
    readonly airGustCell: IUniform<Vector4>
    readonly airGustPart: IUniform<Vector4>
    /** 0: lamps are off, 1: every lamp and window is on. */
    readonly airNight: IUniform<number>
    /** 0: dry, 1: the road stands in water. */
    readonly airWet: IUniform<number>
    /** 0: none, 1: it pours (above the snow line it snows). */
    readonly airRain: IUniform<number>
    /** Above it the ground is white, m above the sea, as `y` of the picture. */
    readonly airSnowLineM: IUniform<number>
    /** Where the clouds have drifted to, in cells; how dark their shadows are, 0 … 1; how much of the sky they leave. */
    readonly airCloudShadow: IUniform<Vector4>
    /** The own rider's lamp in the axes of the camera: place, where it points, and its strength (0 by day). */
    readonly airLampAt: IUniform<Vector3>
    readonly airLampTo: IUniform<Vector3>
    readonly airLamp: IUniform<number>
    /** Where the eye is, in the picture, as two floats: what the first cannot hold is in the second. */
    readonly airEyeHigh: IUniform<Vector3>
    readonly airEyeLow: IUniform<Vector3>
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
      airBank: { value: new Vector4(0, 0, 0.04, 0) },
      airWind: { value: new Vector4(2, 1, 2.236, 0) },
      airGustCell: { value: new Vector4() },
      airGustPart: { value: new Vector4() },
      airNight: { value: 0 },
      airWet: { value: 0 },
      airRain: { value: 0 },
      airSnowLineM: { value: 1e5 },
      airCloudShadow: { value: new Vector4(0, 0, 0, 0.5) },
      airLampAt: { value: new Vector3() },
      airLampTo: { value: new Vector3(0, 0, -1) },
      airLamp: { value: 0 },
      airEyeHigh: { value: new Vector3() },
      airEyeLow: { value: new Vector3() },
    },
  }
}

/**
 * From the eye to a place, in the axes of the camera. Floats hold 2 mm thirty kilometres from the middle of a map; the
 * difference of two such places is exact, and so nothing trembles: first the difference, then the turn.
 */
export const FROM_EYE_GLSL = `uniform vec3 airEyeHigh,airEyeLow;
vec3 fromEye(vec3 place,vec3 origin){return mat3(viewMatrix)*((place+(origin-airEyeHigh))-airEyeLow);}
`

/** The eye of this frame, for `fromEye`. */
export function setEye({ uniforms }: Air, x: number, y: number, z: number): void {
  const high = uniforms.airEyeHigh.value.set(Math.fround(x), Math.fround(y), Math.fround(z))
  uniforms.airEyeLow.value.set(x - high.x, y - high.y, z - high.z)
}

/** Under a roof, as far as `share` says, the lamps' light instead of the sky's blue and the meadow's green: for `lights_fragment_end`. */
export const GALLERY_GLSL = (share: string): string =>
  `reflectedLight.directDiffuse*=1.-${share}; reflectedLight.indirectDiffuse=mix(reflectedLight.indirectDiffuse,diffuseColor.rgb*vec3(.33,.3,.25),${share});
`

/** One change to a built-in shader: code put after an `#include <chunk>`, or in its place. */
export interface Edit {
  readonly stage: 'vertex' | 'fragment'
  readonly chunk: string
  readonly code: string
  readonly isReplacing?: boolean
}

/**
 * Gives a built-in material our air (haze, shadows of clouds, snow, wet, the rider's lamp) and further edits. `name` must
 * be one per set of edits: three.js takes programs with equal names for the same program.
 *
 * Edits may use `windAt`, `cloudShade`, `snowShare` and set, in the fragment's `color_fragment`, how the weather takes to
 * the surface: `airGloss` (0; 1: asphalt that mirrors when wet), `airShelter` (0; 1: no snow stays on it). Its place in
 * the picture is `airPlace()`.
 */
export function airy<M extends Material>(
  material: M,
  air: Air,
  name: string,
  edits: readonly Edit[] = [],
  uniforms: Readonly<Record<string, IUniform>> = {},
): M {
  // What is put after a chunk first stands last: the declarations, and the place from the eye, go in at the end, so that
  // they stand before all.
  const all: Edit[] = [...AIR_EDITS, ...edits, ...AIR_DECLARATIONS]
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

const AIR_DECLARATIONS: readonly Edit[] = [
  {
    stage: 'vertex',
    chunk: 'common',
    code: `varying vec3 vFromEye; uniform float airTimeS,airNight,airWet,airRain; ${WIND_GLSL} ${FROM_EYE_GLSL}`,
  },
  {
    stage: 'fragment',
    chunk: 'common',
    code: `varying vec3 vFromEye; uniform vec3 airSunView,airZenith,airLampAt,airLampTo;
      uniform float airTimeS,airNight,airWet,airRain,airLamp; float airGloss=0.,airShelter=0.;
      ${HAZE_GLSL} ${CLOUD_GLSL} ${SNOW_GLSL}
      vec3 airPlace(){return cameraPosition+vFromEye*mat3(viewMatrix);}`,
  },
  {
    stage: 'vertex',
    chunk: 'project_vertex',
    code: `{vec4 airAt=vec4(transformed,1.);
      #ifdef USE_INSTANCING
      airAt=instanceMatrix*airAt;
      #endif
      mvPosition.xyz=fromEye(mat3(modelMatrix)*airAt.xyz,modelMatrix[3].xyz); gl_Position=projectionMatrix*mvPosition;}`,
  },
]

const AIR_EDITS: readonly Edit[] = [
  { stage: 'vertex', chunk: 'project_vertex', code: 'vFromEye=mvPosition.xyz;' },
  {
    stage: 'fragment',
    chunk: 'normal_fragment_maps',
    code: `float airUp=dot(viewMatrix[1].xyz,normal); float airWhite=0.;
      if(airShelter<1.){vec3 at=airPlace(); airWhite=(1.-airShelter)*snowShare(at,airUp);
        // Blown into drifts, bluer where it is packed.
        if(airWhite>0.)diffuseColor.rgb=mix(diffuseColor.rgb,mix(vec3(.66,.72,.83),vec3(.87,.88,.9),clamp(.25+.9*cloudField(at.xz*.045)+.2*(airSoft(at.xz*1.7)-.5),0.,1.)),airWhite);}
      if(airWet>0.)diffuseColor.rgb*=1.-.46*airWet*(1.-airWhite)*smoothstep(-.3,.7,airUp);`,
  },
  {
    stage: 'fragment',
    chunk: 'lights_fragment_end',
    code: `{float shade=cloudShade(airPlace().xz,airPlace().y);
      reflectedLight.directDiffuse*=shade;
      // The half of the sky with the sun in it is warm, the other cool: form in the shade.
      reflectedLight.indirectDiffuse*=1.+airSunColor*(.45*dot(normal,airSunView)+.1);
      if(airLamp>0.){vec3 l=vFromEye-airLampAt; float d=length(l); l/=d; float c=dot(l,airLampTo);
        float beam=airLamp*(.8*smoothstep(.94,.995,c)+.22*smoothstep(.78,.97,c))*smoothstep(0.,16.,d)/(1.+.014*d*d);
        reflectedLight.directDiffuse+=diffuseColor.rgb*vec3(1.,.93,.8)*beam*max(.25,.35-dot(normal,l));}
      if(airGloss*airWet>0.){vec3 e=normalize(vFromEye); vec3 r=reflect(e,normal); float up=max(dot(viewMatrix[1].xyz,r),0.);
        vec3 sky=mix(hazeColor(r,airSunView),airZenith,1.-exp(-up*3.1));
        float f=.03+.97*pow(1.-max(-dot(normal,e),0.),5.);
        float puddle=smoothstep(.52,.6,cloudField(airPlace().xz*.16)+.05*airSoft(airPlace().xz*2.));
        float gloss=airGloss*airWet*(1.-airWhite)*(.45+.55*puddle);
        reflectedLight.directDiffuse*=1.-.5*gloss*puddle;
        totalEmissiveRadiance+=gloss*(f*sky+airSunColor*(pow(max(dot(r,airSunView),0.),60.)*(.4+f)*2.));}}`,
  },
  {
    stage: 'fragment',
    chunk: 'opaque_fragment',
    code: `{float haze=hazeShare(length(vFromEye),cameraPosition.y,dot(viewMatrix[1].xyz,vFromEye));
      gl_FragColor.rgb=mix(gl_FragColor.rgb,hazeColor(vFromEye,airSunView),haze*.96);}`,
  },
]
