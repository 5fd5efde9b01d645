import {
  DataTexture,
  DoubleSide,
  FloatType,
  MeshDepthMaterial,
  MeshLambertMaterial,
  NearestFilter,
  RGBADepthPacking,
  RGBAFormat,
  Vector3,
  Vector4,
  type IUniform,
} from 'three'
import { WIND_GLSL } from './air-glsl.ts'
import { airy, NOISE_GLSL, type Air, type Edit } from './materials.ts'
import type { PlantAtlas } from './plant-atlas.ts'

/** What every plant's shader is told besides the air. */
export interface PlantUniforms extends Record<string, IUniform> {
  readonly plantTexels: IUniform<DataTexture>
  /** Where the eye is; a shadow is thrown by what the eye sees. */
  readonly plantEye: IUniform<Vector3>
}

export function plantUniforms(atlas: PlantAtlas): PlantUniforms {
  const texture = new DataTexture(atlas.texels, atlas.widthPx, atlas.heightPx, RGBAFormat, FloatType)
  texture.minFilter = NearestFilter
  texture.magFilter = NearestFilter
  texture.needsUpdate = true
  return { plantTexels: { value: texture }, plantEye: { value: new Vector3() } }
}

/** Metres from the eye at which one level of detail passes into the next: in (of trees, of small things), then out. */
export interface Fade {
  readonly inTreeM: number
  readonly inSmallM: number
  readonly outM: number
  readonly overM: number
}

/** Shares of the way to the last tree at which every second has faded, and every second of those left. */
export const THIN_SHARES = [0.25, 0.46] as const

/*
 * What the shader does, in its order:
 * - Leaves and blades go with the wind, the higher the more; gusts pass over the country as waves.
 * - Leaves in the clump, lit above, dark between.
 */
/** Every vertex is looked up: which shape an instance has is one number, so all species are one draw. */
const FETCH_GLSL = `
uniform highp sampler2D plantTexels; uniform vec3 plantEye; uniform vec4 plantFade;
attribute vec4 standAt, standHow; attribute float standStart;
varying vec2 vCorner,vCard; varying vec3 vGrow, vLocal; varying float vShade, vSeed, vIn, vOut; flat varying float vKind, vPainted;
vec4 plantA, plantB;
vec3 plantTurned(vec3 p){float c=cos(standAt.w),s=sin(standAt.w);return vec3(c*p.x+s*p.z,p.y,-s*p.x+c*p.z);}
void plantFetch(float timeS){
  int i=int(standStart)+int(position.z+.5)*2;
  plantA=texelFetch(plantTexels,ivec2(i&1023,i>>10),0); i++;
  plantB=texelFetch(plantTexels,ivec2(i&1023,i>>10),0);
  float kind=plantA.w; vKind=kind; vCorner=position.xy; vLocal=plantA.xyz*standHow.xyx;
  vSeed=fract(dot(plantA.xyz,vec3(3.17,5.71,9.13))+dot(standAt.xz,vec2(.731,.377)));
  vec3 p=vLocal; p.y+=p.x*standHow.z; p=plantTurned(p);
  float loose=kind>0.||kind==-2.||kind==-1.?1.:0.;
  vec2 w=windAt(standAt.xz);
  float quick=sin(timeS*(2.1+vSeed)+standAt.x*.7+standAt.z*.5+plantA.y*.8);
  float up=max(plantA.y,0.)*standHow.y;
  float bend=kind==-2.?.028*up*up*(1.+up):.0011*up*up/(1.+.06*up)+.0035*loose*min(up,4.);
  p.xz+=w*bend*(kind>0.||kind<0.&&kind>-2.5?1.:.35)+loose*.012*length(w)*quick*min(up,1.2)*normalize(w+.001);
  plantA.xyz=p+standAt.xyz;
  vec3 n=plantB.xyz; vShade=length(n); vCard=n.xy*standHow.xy; plantB.xyz=plantTurned(n/max(vShade,.001));
  if(kind==-4.){vShade=1.;plantB.xyz=vec3(0.,1.,0.);}
  vPainted=step(.5,plantB.w);
  float c=vPainted>.5?plantB.w:standHow.w;
  vec3 rgb=vec3(floor(c/65536.),mod(floor(c/256.),256.),mod(c,256.))/255.;
  vGrow=vPainted>.5?pow(rgb,vec3(2.2)):rgb*rgb;
  float seen=distance(standAt.xyz,plantEye);
  float inM=fract(standStart)>.1?plantFade.y:plantFade.x;
  vIn=inM>0.?smoothstep(inM-plantFade.w,inM+plantFade.w,seen):1.;
  float part=fract(standStart), outM=plantFade.z*(part>.6?${THIN_SHARES[1].toFixed(2)}:part>.4?${THIN_SHARES[0].toFixed(2)}:1.);
  vOut=1.-smoothstep(outM-plantFade.w,outM+plantFade.w,seen);
}`

const LEAF_GLSL = `if(vKind>0.){mvPosition.xy+=vCorner*vKind*mix(standHow.x,standHow.y,.4);gl_Position=projectionMatrix*mvPosition;}
else if(vKind==-4.){mvPosition.xyz+=vec3(vCorner.x*vCard.x,0.,0.)+viewMatrix[1].xyz*((vCorner.y*.5+.5)*vCard.y);gl_Position=projectionMatrix*mvPosition;}`

const VERTEX: readonly Edit[] = [
  { stage: 'vertex', chunk: 'common', code: FETCH_GLSL },
  {
    stage: 'vertex',
    chunk: 'beginnormal_vertex',
    code: 'plantFetch(airTimeS); vec3 objectNormal=plantB.xyz;',
    isReplacing: true,
  },
  { stage: 'vertex', chunk: 'begin_vertex', code: 'vec3 transformed=plantA.xyz;', isReplacing: true },
]

const VARYINGS =
  'varying vec2 vCorner,vCard; varying vec3 vGrow, vLocal; varying float vShade, vSeed, vIn, vOut; flat varying float vKind, vPainted;'

/** Gradient noise of Jimenez (2014): levels of detail pass into each other by dots, never both and never neither. */
const FADE_GLSL = `{float dots=fract(52.9829189*fract(dot(gl_FragCoord.xy,vec2(.06711056,.00583715))));
  if(dots>=vOut||dots<1.-vIn)discard;}`

const CUT_GLSL = `
float plantCut(float seen){ // Above nothing: a leaf is here.
  if(vKind>0.){
    // Near by a clump of single leaves, from afar a bough with an outline of its own.
    float r=length(vCorner), wide=1.-smoothstep(40.,160.,seen);
    float n=noise2(vCorner*2.2+vSeed*61.)*.6+noise2(vCorner*5.3+vSeed*37.)*.4;
    float bits=max(vKind*15.,5.), leaf=noise2(vCorner*bits+vSeed*91.)*.6+noise2(vCorner.yx*bits*.6+vSeed*17.)*.4;
    return .84-r-(n-.42)*mix(.4,.95,smoothstep(.2,.6,vKind))-(leaf-.42)*1.1*wide*smoothstep(.04,.12,vKind);
  }
  if(vKind==-4.){
    // Tiers of boughs that hang at their tips, longer ones and shorter ones, down to the skirt.
    float up=vCorner.y*.5+.5, x=abs(vCorner.x), tier=up*vCard.y*.62+vSeed*7.+.35*noise2(vec2(vCorner.x*2.3+vSeed*50.,up*9.));
    float bough=fract(tier+.55*x), reach=.72+.5*hash2(vec2(floor(tier+.55*x),floor(vSeed*90.)+step(0.,vCorner.x)*7.));
    return (1.-up)*(.5+.5*smoothstep(0.,.12,up))*(.5+.5*(1.-bough))*reach*1.15+.05-.03*up-x-.16*(noise2(vCorner*vec2(9.,34.)+vSeed*40.)-.5)*(1.-up);
  }
  if(vKind==-1.){
    float along=vCorner.y*.5+.5; float tooth=abs(fract(along*7.+vSeed)-.5)*2.;
    return mix(.3,1.,tooth)*(1.02-along*along)+.08-abs(vCorner.x);
  }
  return 1.;}`

export function plantMaterial(
  air: Air,
  shared: PlantUniforms,
  { inTreeM, inSmallM, outM, overM }: Fade,
): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ side: DoubleSide })
  const fade = { value: new Vector4(inTreeM, inSmallM, outM, overM) }
  return airy(
    material,
    air,
    'plant',
    [
      ...VERTEX,
      { stage: 'vertex', chunk: 'project_vertex', code: LEAF_GLSL },
      { stage: 'fragment', chunk: 'common', code: `${VARYINGS} ${NOISE_GLSL} ${CUT_GLSL}` },
      {
        stage: 'fragment',
        chunk: 'color_fragment',
        code: `{
        ${FADE_GLSL}
        float seen=length(vFromEye);
        if(plantCut(seen)<0.)discard;
        float near=1.-smoothstep(30.,130.,seen);
        vec3 c=vGrow*vShade;
        if(vKind>0.){
          float leaf=noise2(vCorner*max(vKind*13.,5.)+vSeed*83.)*.6+noise2(vCorner.yx*max(vKind*5.,3.)+vSeed*29.)*.4, lobe=noise2(vCorner*2.4+vSeed*47.);
          c*=mix(.7+.6*lobe,.5+leaf,near)*(.84+.26*vCorner.y)*(.92+.16*vSeed);
        } else if(vKind==-4.){
          float up=vCorner.y*.5+.5, tier=fract(up*vCard.y*.62+vSeed*7.+.55*abs(vCorner.x));
          c*=(.52+.46*up)*(1.18-.5*tier)*(.78+.44*noise2(vCorner*vec2(7.,23.)+vSeed*31.))*(.86+.28*vSeed);
        } else if(vKind==-1.) c*=(.7+.4*(vCorner.y*.5+.5))*(1.-.25*near*step(abs(vCorner.x),.09))*(.86+.28*vSeed);
        else if(vKind==-2.) c*=.6+.75*clamp(vLocal.y*2.2,0.,1.);
        else if(vKind==-3.){
          vec3 q=vLocal; float grain=noise2(q.xz*5.+q.y*7.)*.5+noise2(q.xy*13.+q.z*11.)*.5;
          c*=.66+.68*mix(.5,grain,near);
          if(vPainted>.5){
            float row=floor(q.y*5.4+.25*noise2(q.xz*3.)); vec2 s=vec2(q.x*2.3+row*.37+.3*noise2(vec2(row,q.x)),q.y*5.4);
            vec2 f=abs(fract(s)-.5); float joint=smoothstep(.4,.5,max(f.x,f.y));
            c*=(1.-.42*joint*near)*(.66+.6*hash2(floor(s)+17.))*vec3(1.04,1.,.93);
          }
          c=mix(c,vec3(.42,.4,.2),.3*smoothstep(.6,.8,noise2(q.xz*2.1+q.y*1.7+vSeed)));
        } else c*=.86+.28*noise2(vLocal.xy*5.+vLocal.z*3.)*near;
        diffuseColor.rgb=c; airShelter=vKind>0.||vKind==-1.||vKind==-4.?.3:0.;
      }`,
      },
      // Foliage has no back: its normals point out of the crown from whichever side a leaf is seen.
      {
        stage: 'fragment',
        chunk: 'normal_fragment_begin',
        code: 'vec3 normal=normalize(vKind==-4.?vec3(vCorner.x*1.6,0.,.9)+viewMatrix[1].xyz*.55:vNormal+(vKind>0.?vec3(vCorner*.42,0.)+.3*airSunView:vec3(0.))); vec3 nonPerturbedNormal=normal;',
        isReplacing: true,
      },
      {
        stage: 'fragment',
        chunk: 'lights_fragment_end',
        // Leaves let light through: against the sun a crown glows at its edge instead of going black.
        code: `if(vKind>-2.5&&vKind!=0.||vKind==-4.){float through=max(dot(normalize(vFromEye),airSunView),0.);
          float wrap=max(.0,.55-dot(normal,airSunView))*.5;
          float tip=vKind==-2.?clamp(vLocal.y*3.,0.,1.):1.;
          totalEmissiveRadiance+=diffuseColor.rgb*airSunColor*(.55*through*through*through+.22*wrap)*(vKind==-4.?.35:tip);}`,
      },
    ],
    { ...shared, plantFade: fade },
  )
}

export function plantShadowMaterial(
  air: Air,
  shared: PlantUniforms,
  { inTreeM, inSmallM, outM, overM }: Fade,
): MeshDepthMaterial {
  const material = new MeshDepthMaterial({ depthPacking: RGBADepthPacking, side: DoubleSide })
  const fade = { value: new Vector4(inTreeM, inSmallM, outM, overM) }
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, air.uniforms, shared, { plantFade: fade })
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', `#include <common>\nuniform float airTimeS;\n${WIND_GLSL}\n${FETCH_GLSL}`)
      .replace('#include <begin_vertex>', 'plantFetch(airTimeS); vec3 transformed=plantA.xyz;')
      .replace('#include <project_vertex>', `#include <project_vertex>\n${LEAF_GLSL}`)
    shader.fragmentShader = shader.fragmentShader
      .replace('#include <common>', `#include <common>\n${VARYINGS}\n${NOISE_GLSL}\n${CUT_GLSL}`)
      .replace('void main() {', 'void main() {\n if(plantCut(20.)<0.)discard; if(vOut<.5||vIn<.5)discard;')
  }
  material.customProgramCacheKey = () => 'plant-shadow'
  return material
}
