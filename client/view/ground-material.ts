import { MeshLambertMaterial } from 'three'
import { airy, NOISE_GLSL, type Air } from './materials.ts'
import { PAVEMENT_M, STREETSIDE_M } from './terrain.ts'
import type { Quality } from './view-types.ts'

export function groundMaterial(air: Air, quality: Quality): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ vertexColors: true })
  if (quality === 'test') return airy(material, air, 'ground-plain')
  return airy(material, air, 'ground', [
    { stage: 'vertex', chunk: 'common', code: 'attribute float field; varying float vField; varying vec3 vPlace;' },
    { stage: 'vertex', chunk: 'begin_vertex', code: 'vField=field; vPlace=position;' },
    {
      stage: 'fragment',
      chunk: 'common',
      code: `varying float vField; varying vec3 vPlace; ${NOISE_GLSL}
        // One parcel of the patchwork: crop by hash, rows along it, a hedge-dark rim.
        vec4 parcel(vec2 p){
          p=mat2(.86,.51,-.51,.86)*p; p+=18.*vec2(noise2(p*.006),noise2(p*.006+40.));
          vec2 size=vec2(92.,58.); p.x+=floor(p.y/size.y)*37.; vec2 cell=floor(p/size); vec2 f=fract(p/size);
          float h=hash2(cell+3.);
          vec3 crop=h<.2?vec3(.42,.33,.10):h<.38?vec3(.30,.31,.08):h<.5?vec3(.17,.14,.32):h<.7?vec3(.12,.23,.05):h<.82?vec3(.24,.16,.09):vec3(.2,.28,.07);
          float lane=h<.7?p.y:p.x; float w=fwidth(lane);
          float rows=(.5+.5*sin(lane*2.4))*smoothstep(1.3,.3,w);
          crop*=.86+.3*rows; float rim=min(min(f.x,1.-f.x)*size.x,min(f.y,1.-f.y)*size.y);
          return vec4(crop,smoothstep(1.2,3.,rim)*step(.22,hash2(cell+11.)));
        }`,
    },
    {
      stage: 'fragment',
      chunk: 'color_fragment',
      code: `{
        float seen=length(vFromEye);
        vec4 crop=parcel(vPlace.xz);
        diffuseColor.rgb=mix(diffuseColor.rgb,crop.rgb,crop.a*smoothstep(.35,.75,vField)*.85);
        float beyond=${STREETSIDE_M}.*(1.+vField), inTown=step(vField,-.001);
        float paved=inTown*(1.-smoothstep(${PAVEMENT_M},${PAVEMENT_M}+.02+fwidth(beyond),beyond));
        float near=1.-smoothstep(30.,140.,seen), mid=1.-smoothstep(300.,1400.,seen);
        float g=(noise2(vPlace.xz*4.3)-.5)*.5*near+(noise2(vPlace.xz*.85)-.5)*.5*mid+(noise2(vPlace.xz*.13)-.5)*.5+(noise2(vPlace.xz*.021)-.5)*.4;
        diffuseColor.rgb*=1.+.75*g;
        diffuseColor.rgb=mix(diffuseColor.rgb,diffuseColor.rgb*vec3(1.18,1.04,.7),smoothstep(.55,.8,noise2(vPlace.xz*.4+9.))*.5*mid);
        vec2 slab=abs(fract(vPlace.xz*.62)-.5); float joint=smoothstep(.47,.49,max(slab.x,slab.y))*near;
        float rim=inTown*paved*smoothstep(${PAVEMENT_M}-.22,${PAVEMENT_M}-.16,beyond);
        diffuseColor.rgb=mix(diffuseColor.rgb,vec3(.235,.225,.205)*(1.+.35*(noise2(vPlace.xz*7.)-.5)*near+.2*(noise2(vPlace.xz*.3)-.5)-.3*joint+.25*rim),paved);
      }`,
    },
  ])
}
