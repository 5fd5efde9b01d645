import { MeshLambertMaterial } from 'three'
import { airy, NOISE_GLSL, type Air } from './materials.ts'

/** Stones near the eye, rake and tyre marks farther off. */
export function gravelMaterial(air: Air): MeshLambertMaterial {
  const edits = [
    { stage: 'vertex', chunk: 'common', code: 'varying vec2 vPark;' },
    { stage: 'vertex', chunk: 'begin_vertex', code: 'vPark=uv;' },
    { stage: 'fragment', chunk: 'common', code: `varying vec2 vPark; ${NOISE_GLSL}` },
    {
      stage: 'fragment',
      chunk: 'color_fragment',
      code: `{
        vec2 q=mat2(.83,-.56,.56,.83)*vPark; float seen=length(vFromEye); float near=1.-smoothstep(7.,34.,seen);
        float isTurf=smoothstep(.02,.1,diffuseColor.g-diffuseColor.r);
        vec2 w=q+.03*vec2(noise2(q*14.),noise2(q*14.+9.));
        float stone=(fractal2(w*33.)-.47)*1.15+smoothstep(.62,.86,noise2(w*21.+5.))*.3-smoothstep(.6,.85,noise2(w*27.+31.))*.26;
        float sand=(noise2(q*9.)-.5)*.22+(noise2(q*2.3)-.5)*.16*(1.-smoothstep(40.,160.,seen));
        float blade=(noise2(q*vec2(46.,38.))-.5)*.7*near+(noise2(q*5.)-.5)*.35;
        diffuseColor.rgb*=1.+mix(stone*near+sand,blade,isTurf);
      }`,
    },
  ] as const
  return airy(new MeshLambertMaterial({ vertexColors: true }), air, 'gravel-park', edits)
}
