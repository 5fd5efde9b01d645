import { DoubleSide, MeshDepthMaterial, MeshLambertMaterial, RGBADepthPacking, type IUniform } from 'three'
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
  {
    stage: 'fragment',
    chunk: 'lights_lambert_pars_fragment',
    // What mirrors the light, by how rough it is: the three factors of microfacets in the one quotient of Karis (2013) and
    // Kaplanyan (2015), with 4 % as every plastic, lacquer and skin has.
    code: `void shine(IncidentLight light,vec3 place,vec3 up,vec3 eye,vec3 coat,LambertMaterial paint,inout ReflectedLight sum){
      RE_Direct_Lambert(light,place,up,eye,coat,paint,sum);
      vec3 middle=normalize(light.direction+eye); float a=gloss*gloss,nh=saturate(dot(up,middle)),lh=saturate(dot(light.direction,middle));
      float d=nh*nh*(a*a-1.)+1.; sum.directDiffuse+=saturate(dot(up,light.direction))*light.color*(.04*RECIPROCAL_PI)*a*a/(d*d*max(.1,lh*lh)*(4.*a+2.));}
      #undef RE_Direct
      #define RE_Direct shine
      `,
  },
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

export function createRiderMaterial(air: Air, digits: IUniform): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ shadowSide: DoubleSide })
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
