import { MeshLambertMaterial } from 'three'
import { airy, NOISE_GLSL, type Air } from './materials.ts'

export function roadMaterial(air: Air): MeshLambertMaterial {
  const edits = [
    { stage: 'vertex', chunk: 'common', code: 'attribute vec4 roadKind; varying vec4 vKind; varying vec2 vRoad;' },
    { stage: 'vertex', chunk: 'begin_vertex', code: 'vKind=roadKind; vRoad=uv;' },
    {
      stage: 'fragment',
      chunk: 'common',
      code: `varying vec4 vKind; varying vec2 vRoad; ${NOISE_GLSL}
        float stripe(float x,float halfWidth){float a=fwidth(x);return 1.-smoothstep(halfWidth-a*.6,halfWidth+a*.6,abs(x));}`,
    },
    {
      stage: 'fragment',
      chunk: 'color_fragment',
      code: `{
        vec2 q=vRoad; float vHalf=vKind.x; float seen=length(vFromEye); float near=1.-smoothstep(12.,55.,seen);
        float grain=(noise2(q*41.)-.5)*.34*near+(noise2(q*vec2(5.,2.))-.5)*.2*(1.-smoothstep(60.,200.,seen))+(noise2(q*vec2(.7,.13))-.5)*.3;
        vec3 a=vec3(.118,.117,.116)*(1.+grain);
        // 1 worn and rough, 2 cobbles, 3 gravel: from one to the next within a metre.
        float rough=clamp(1.-abs(vKind.z-1.),0.,1.), cobble=clamp(1.-abs(vKind.z-2.),0.,1.), gravel=clamp(vKind.z-2.,0.,1.);
        a*=1.+.5*rough*(noise2(q*vec2(3.,1.7))-.4);
        vec2 sett=q*vec2(6.2,8.); sett.x+=.5*mod(floor(sett.y),2.); vec2 inSett=abs(fract(sett)-.5);
        float joint=smoothstep(.36,.48,max(inSett.x,inSett.y))*near; float tone=.75+.5*hash2(floor(sett));
        a=mix(a,vec3(.2,.19,.18)*mix(1.,tone,near)*(1.-.55*joint),cobble);
        a=mix(a,vec3(.36,.31,.24)*(.72+.5*noise2(q*17.)*near+.35*noise2(q*vec2(1.1,.2))),gravel);
        float paved=1.-max(cobble,gravel);
        // Wheels polish two lanes; oil darkens between them.
        float lane=abs(q.x); a*=1.+.1*exp(-pow((lane-1.75)/.5,2.))-.06*exp(-pow((lane-.95)/.3,2.));
        float patched=step(.86,hash2(floor(q*vec2(.3,.055)+3.)))*step(lane,vHalf-.5); a*=1.-.2*patched;
        float town=step(1.75,vKind.y), marks=vKind.y-2.*town;
        float wear=.7+.3*smoothstep(.25,.6,noise2(q*vec2(9.,3.)));
        float edge=stripe(lane-(vHalf-.28),.065), dash=stripe(q.x,.06)*step(fract(q.y/9.),.36);
        a=mix(a,vec3(.7,.7,.66),clamp(edge*step(.25,marks)+dash*step(.75,marks),0.,1.)*wear*paved);
        float line=step(abs(vKind.w),1.5)*step(lane,vHalf-.35);
        float check=mod(floor(q.x*2.)+floor(vKind.w*2.+100.),2.);
        a=mix(a,mix(vec3(.82),vec3(.03),check),line*.95);
        float stone=smoothstep(.0,.22,lane-vHalf+.12*(noise2(q*3.)-.5));
        float setts=.82+.18*step(.06,abs(fract(q.y*1.1)-.5)*2.)*near;
        a=mix(a,mix(vec3(.33,.27,.18)*(.75+.5*noise2(q*8.)),vec3(.36,.355,.34)*setts,town),stone);
        diffuseColor.rgb=a; airGloss=mix(1.,.45,max(gravel,cobble))*(1.-stone); airShelter=.55*(1.-stone);
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
  return airy(material, air, 'road', edits)
}
