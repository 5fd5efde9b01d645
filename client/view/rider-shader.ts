import { DoubleSide, MeshDepthMaterial, MeshStandardMaterial, RGBADepthPacking, type IUniform } from 'three'
import { airy, GALLERY_GLSL, type Air, type Edit } from './materials.ts'
import { KIT_FRAGMENT_HEAD, KIT_VERTEX, KIT_VERTEX_HEAD } from './rider-kit-glsl.ts'
import { RIDER_GLSL } from './rider-pose-glsl.ts'

const EDITS: readonly Edit[] = [
  { stage: 'vertex', chunk: 'common', code: RIDER_GLSL + KIT_VERTEX_HEAD },
  {
    stage: 'vertex',
    chunk: 'beginnormal_vertex',
    code: 'vec3 posed=position; vec3 objectNormal=normal; pose(posed,objectNormal);',
    isReplacing: true,
  },
  { stage: 'vertex', chunk: 'begin_vertex', code: 'vec3 transformed=posed;', isReplacing: true },
  { stage: 'vertex', chunk: 'color_vertex', code: KIT_VERTEX },
  { stage: 'fragment', chunk: 'common', code: KIT_FRAGMENT_HEAD },
  {
    stage: 'fragment',
    chunk: 'color_fragment',
    // Who fades, and who goes from one detail to the next, is drawn with holes, not through glass: nothing has to be
    // sorted. Gradient noise of Jimenez (2014).
    code: `{float hole=fract(52.9829189*fract(dot(gl_FragCoord.xy,vec2(.06711056,.00583715))));
      if(hole<vShare.x||hole>=vShare.y)discard;}
      diffuseColor.rgb*=kit(); airShelter=1.;`,
  },
  { stage: 'fragment', chunk: 'normal_fragment_begin', code: 'normal=foldedNormal(normal,-vViewPosition);' },
  { stage: 'fragment', chunk: 'roughnessmap_fragment', code: 'roughnessFactor=gloss;' },
  {
    stage: 'fragment',
    chunk: 'lights_fragment_end',
    // A rim towards the sun: riders stand out from road and hedge.
    code: `${GALLERY_GLSL('vShare.z')}reflectedLight.indirectDiffuse*=1.+vShare.z*(.45*dot(viewMatrix[1].xyz,normal)-.1);
      {float rim=(1.-vShare.z)*pow(1.-max(dot(normal,normalize(-vFromEye)),0.),3.);
      totalEmissiveRadiance+=diffuseColor.rgb*airSunColor*rim*.22*max(dot(normal,airSunView),0.);
      if(airNight>0.&&abs(vKit.x-19.5)<.6)totalEmissiveRadiance+=airNight*(vKit.x<19.2?vec3(4.,3.8,3.2):vec3(5.,.15,.08));}`,
  },
]

export function createRiderMaterial(air: Air, digits: IUniform): MeshStandardMaterial {
  const material = new MeshStandardMaterial({ roughness: 0.6, metalness: 0, shadowSide: DoubleSide })
  return airy(material, air, 'rider', EDITS, { riderDigits: digits })
}

export function createRiderShadowMaterial(): MeshDepthMaterial {
  const material = new MeshDepthMaterial({ depthPacking: RGBADepthPacking })
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', `#include <common>\n${RIDER_GLSL}`)
      .replace(
        '#include <begin_vertex>',
        'vec3 posed=position; vec3 turnedNormal=normal; pose(posed,turnedNormal); vec3 transformed=posed+turnedNormal*.01;',
      )
  }
  material.customProgramCacheKey = () => 'rider-shadow'
  return material
}
