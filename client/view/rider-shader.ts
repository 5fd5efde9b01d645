import { MeshDepthMaterial, MeshStandardMaterial, RGBADepthPacking } from 'three'
import { airy, type Air, type Edit } from './materials.ts'

/** Which joint a vertex hangs on. Left-leg parts are the right-leg ones plus LEFT. */
export const PART = { body: 0, frontWheel: 1, rearWheel: 2, thigh: 3, shin: 4, foot: 5, crank: 6 } as const
export const LEFT = 4
/** Where a vertex takes its colour from. */
export const TINT = { own: 0, torso: 1, frame: 2, skin: 3, shorts: 4, helmet: 5, arm: 6, thigh: 7, shin: 8 } as const

/** Bike and body, m, seen from the side: [up, forward]. One table for the model and for its shader. */
export const JOINTS = {
  bottomBracket: [0.27, 0],
  rearHub: [0.34, -0.41],
  frontHub: [0.34, 0.585],
  hip: [1.03, -0.13],
  crankM: 0.1725,
  thighM: 0.44,
  shinM: 0.455,
  /** Half the distance between the feet. */
  stanceM: 0.1,
} as const

const v2 = ([up, forward]: readonly [number, number]) => `vec2(${up.toFixed(4)},${forward.toFixed(4)})`

/**
 * The whole rider moves here: wheels turn, cranks turn, and each leg is solved from hip and pedal (two bones, law of
 * cosines), so that the feet are on the pedals at any cadence. `rdA` = crank, wheel, effort, lean.
 */
const POSE_GLSL = `
attribute float part; attribute vec4 rdA;
mat2 turned(float a){float c=cos(a),s=sin(a);return mat2(c,-s,s,c);}
void pose(inout vec3 p,inout vec3 n){
  float crank=rdA.x; float id=part;
  if(id>.5&&id<2.5){
    mat2 m=turned(-rdA.y); p.yz=m*p.yz; n.yz=m*n.yz;
    p.yz+=id<1.5?${v2(JOINTS.frontHub)}:${v2(JOINTS.rearHub)};
  }else if(id>2.5){
    float left=id>6.5?1.:0.; float k=id-4.*left; float a=crank+left*3.14159265;
    vec2 bb=${v2(JOINTS.bottomBracket)}; vec2 pedal=bb+${JOINTS.crankM}*vec2(cos(a),sin(a));
    float ankle=.17*sin(a-.6)-.06; vec2 lift=vec2(.115,-.078);
    vec2 heel=pedal+vec2(lift.x*cos(ankle)-lift.y*sin(ankle),lift.x*sin(ankle)+lift.y*cos(ankle));
    vec2 hip=${v2(JOINTS.hip)};
    vec2 d=heel-hip; float l=min(length(d),.893); vec2 u=d/length(d);
    float bend=acos(clamp((${JOINTS.thighM}*${JOINTS.thighM}+l*l-${JOINTS.shinM}*${JOINTS.shinM})/(2.*${JOINTS.thighM}*l),-1.,1.));
    float c=cos(bend),s=sin(bend);
    vec2 e=vec2(u.x*c-u.y*s,u.x*s+u.y*c), other=vec2(u.x*c+u.y*s,-u.x*s+u.y*c);
    if(other.y>e.y)e=other; // Knees bend forward.
    vec2 knee=hip+${JOINTS.thighM}*e; vec2 f=normalize(heel-knee);
    vec2 axis,origin;
    if(k<3.5){axis=e;origin=hip;}else if(k<4.5){axis=f;origin=knee;}
    else if(k<5.5){axis=vec2(cos(ankle),sin(ankle));origin=heel;}else{axis=normalize(pedal-bb);origin=bb;}
    vec2 across=vec2(-axis.y,axis.x); if(k<4.5)across=-across;
    p.yz=origin+axis*p.y+across*p.z; n.yz=axis*n.y+across*n.z;
  }else{
    float up=smoothstep(.95,1.5,p.y); float effort=rdA.z;
    p.x+=sin(crank)*.022*effort*up; p.y+=.006*effort*sin(crank*2.)*up;
  }
  float lc=cos(rdA.w),ls=sin(rdA.w); p.xy=mat2(lc,ls,-ls,lc)*p.xy; n.xy=mat2(lc,ls,-ls,lc)*n.xy;
}`

const POSE_EDITS: readonly Edit[] = [
  { stage: 'vertex', chunk: 'common', code: POSE_GLSL },
  {
    stage: 'vertex',
    chunk: 'beginnormal_vertex',
    code: 'vec3 posed=position; vec3 objectNormal=normal; pose(posed,objectNormal);',
    isReplacing: true,
  },
  { stage: 'vertex', chunk: 'begin_vertex', code: 'vec3 transformed=posed;', isReplacing: true },
]

/** Seams and stripes are drawn by place on the body, not by mesh: sharp at any distance. `rdJ.w` picks the pattern. */
const KIT_EDITS: readonly Edit[] = [
  {
    stage: 'vertex',
    chunk: 'common',
    code: `attribute float tint; attribute vec4 rdJ,rdS; attribute vec3 rdF;
      varying vec3 vRest,vFrame,vSkin; varying vec4 vJersey; varying float vTint,vFade;`,
  },
  {
    stage: 'vertex',
    chunk: 'color_vertex',
    code: 'vRest=position; vJersey=rdJ; vFrame=rdF; vSkin=rdS.rgb; vFade=rdS.w; vTint=tint;',
  },
  {
    stage: 'fragment',
    chunk: 'common',
    code: `varying vec3 vRest,vFrame,vSkin; varying vec4 vJersey; varying float vTint,vFade;
      float seam(float x){float w=fwidth(x);return smoothstep(-w,w,x);}
      const vec3 SHORTS=vec3(.022,.023,.028);
      vec3 jersey(vec3 p,float along){
        vec3 c=vJersey.rgb, second=vFrame; float k=vJersey.w;
        if(k<.5)c=mix(c,second,seam(.045-abs(along-.42)));                                  // one band
        else if(k<1.5)c=mix(c,second,seam(sin(along*44.)-.35)*seam(along-.26));             // hoops
        else if(k<2.5)c=mix(c,second,seam(abs(p.x)-.105));                                  // side panels
        else if(k<3.5)c=mix(c,second,seam(along-.49));                                      // yoke
        else if(k<4.5)c=mix(c,vec3(.8),seam(.035-abs(p.x-.06)));                            // stripe
        c=mix(c,c*.62,seam(.004-abs(along-.245))*.8);                                       // pocket hem
        return c;
      }
      vec3 kit(){
        float t=vTint; vec3 p=vRest;
        if(t<.5)return vec3(1.);
        if(t<1.5){float along=(p.y-.93)*.75+(p.z+.19)*.66; return mix(SHORTS,jersey(p,along),seam(along-.165));}
        if(t<2.5)return vFrame;
        if(t<3.5)return vSkin;
        if(t<4.5)return SHORTS;
        if(t<5.5){float slot=seam(sin(abs(p.x)*105.+.3)-.1)*seam(sin(p.z*52.+1.)+.35)*seam(p.y-1.672)*seam(.08-abs(p.x)); return mix(mix(vec3(.8),vJersey.rgb,.3),vec3(.03),slot*.9);}
        if(t<6.5)return mix(vSkin,mix(vJersey.rgb,vFrame,seam(.014-abs(p.y-1.283))),seam(p.y-1.27));
        if(t<7.5)return mix(SHORTS,vSkin,seam(p.y-.275));
        return mix(vSkin,vec3(.8),seam(p.y-.335));
      }`,
  },
  {
    stage: 'fragment',
    chunk: 'color_fragment', // Who fades is drawn with holes, not through glass: nothing has to be sorted. Gradient noise of Jimenez (2014).
    code: `if(fract(52.9829189*fract(dot(gl_FragCoord.xy,vec2(.06711056,.00583715))))<vFade)discard;
      diffuseColor.rgb*=kit(); airShelter=1.;`,
  },
  {
    stage: 'fragment',
    chunk: 'lights_fragment_end',
    // A rim towards the sun: riders stand out from road and hedge.
    code: `{float rim=pow(1.-max(dot(normal,normalize(-vFromEye)),0.),3.);
      totalEmissiveRadiance+=diffuseColor.rgb*airSunColor*rim*.22*max(dot(normal,airSunView),0.);}`,
  },
]

export function createRiderMaterial(air: Air): MeshStandardMaterial {
  const material = new MeshStandardMaterial({ vertexColors: true, roughness: 0.5, metalness: 0.02 })
  return airy(material, air, 'rider', [...POSE_EDITS, ...KIT_EDITS])
}

export function createRiderShadowMaterial(): MeshDepthMaterial {
  const material = new MeshDepthMaterial({ depthPacking: RGBADepthPacking })
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', `#include <common>\n${POSE_GLSL}`)
      .replace('#include <begin_vertex>', 'vec3 transformed=position; vec3 unused=normal; pose(transformed,unused);')
  }
  material.customProgramCacheKey = () => 'rider-shadow'
  return material
}
