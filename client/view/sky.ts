import { BackSide, Mesh, ShaderMaterial, SphereGeometry } from 'three'
import { HAZE_GLSL, NOISE_GLSL, type Air } from './materials.ts'

/** Sky, sun and clouds on a dome around the eye. At the horizon it is exactly the haze of the hills. */
export function createSky(air: Air, isPlain: boolean): Mesh {
  const material = new ShaderMaterial({
    side: BackSide,
    depthWrite: false,
    defines: isPlain ? { PLAIN: '' } : {},
    uniforms: air.uniforms as never,
    vertexShader: `varying vec3 vDirection;
      void main(){vDirection=position;vec4 p=projectionMatrix*vec4(mat3(modelViewMatrix)*position,1.);gl_Position=p.xyww;}`,
    fragmentShader: `varying vec3 vDirection; uniform vec3 airSun,airZenith,airSunColor; uniform float airTimeS;
      ${HAZE_GLSL} ${NOISE_GLSL}
      void main(){
        vec3 v=normalize(vDirection);
        float up=max(v.y,0.);
        float s=max(dot(v,airSun),0.);
        vec3 haze=hazeColor(v,airSun);
        vec3 c=mix(haze,airZenith,1.-exp(-up*3.1));
        c+=airSunColor*(.16*pow(s,6.)+.35*pow(s,48.)+7.*smoothstep(.99935,.9997,s));
        #ifndef PLAIN
        if(v.y>.01){
          vec2 q=v.xz/(v.y+.16)*1.05+vec2(.7,.2);
          float drift=airTimeS*.0022;
          float k=fractal2(q*1.25+drift)+.25*(fractal2(q*4.1-drift)-.5);
          float cover=smoothstep(.5,.76,k)*smoothstep(.01,.13,v.y);
          float shade=smoothstep(.42,.86,fractal2(q*1.25+airSun.xz*.22+drift));
          vec3 lit=mix(vec3(1.12,1.06,.98),airSunColor*1.25,.25+.5*s*s);
          vec3 dark=mix(haze,airZenith,.22)*.88;
          vec3 cloud=mix(lit,dark,shade*.85);
          c=mix(c,cloud,cover*.9);
          float veil=fractal2(vec2(q.x*.35+q.y*.2,q.y*1.9)+9.);
          c=mix(c,lit,.3*smoothstep(.45,.8,veil)*smoothstep(.06,.4,v.y));
        }
        #endif
        gl_FragColor=vec4(c,1.);
        #include <tonemapping_fragment>
        #include <colorspace_fragment>
      }`,
  })
  const sky = new Mesh(new SphereGeometry(100, 32, 20), material)
  sky.frustumCulled = false
  sky.renderOrder = 10 // After everything solid: most of it is hidden by then.
  return sky
}
