import { ShaderMaterial } from 'three'
import { FROM_EYE_GLSL, HAZE_GLSL, NOISE_GLSL, type Air } from './materials.ts'

/** The sky in it, the sun on its ripples, green where it is shallow. */
export function waterMaterial(air: Air): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: air.uniforms as never,
    vertexShader: `varying vec3 vPlace; ${FROM_EYE_GLSL}
      void main(){vPlace=position;gl_Position=projectionMatrix*vec4(fromEye(position,vec3(0.)),1.);}`,
    fragmentShader: `varying vec3 vPlace; uniform vec3 airSun,airZenith,airSunColor; uniform float airTimeS;
      ${HAZE_GLSL} ${NOISE_GLSL}
      vec2 ripple(vec2 p,float seen){
        float t=airTimeS*.7; float e=.35; vec2 g=vec2(0.);
        float small=1.-smoothstep(40.,260.,seen), wide=1.-smoothstep(300.,2200.,seen);
        vec2 a=p*.55+vec2(t*.3,t*.21), b=p*vec2(.13,.17)-vec2(t*.06,-t*.09);
        g+=small*.55*vec2(noise2(a+vec2(e,0.))-noise2(a),noise2(a+vec2(0.,e))-noise2(a));
        g+=wide*.6*vec2(noise2(b+vec2(e,0.))-noise2(b),noise2(b+vec2(0.,e))-noise2(b));
        return g;
      }
      void main(){
        vec3 toEye=cameraPosition-vPlace; float seen=length(toEye); vec3 e=toEye/seen;
        vec2 g=ripple(vPlace.xz,seen)*(.22+.3*smoothstep(.0,.25,e.y));
        vec3 n=normalize(vec3(-g.x,1.,-g.y));
        vec3 r=reflect(-e,n); r.y=abs(r.y);
        float fresnel=.03+.97*pow(1.-max(dot(n,e),0.),5.);
        vec3 haze=hazeColor(r,airSun);
        vec3 sky=mix(haze,airZenith,1.-exp(-r.y*3.1));
        // Hills stand on their heads in the far half of a still lake.
        sky=mix(sky,vec3(.12,.19,.2),.55*smoothstep(.2,.02,r.y)*smoothstep(200.,900.,seen));
        vec3 deep=mix(vec3(.012,.075,.095),vec3(.03,.14,.15),noise2(vPlace.xz*.008));
        vec3 c=mix(deep,sky,fresnel);
        float s=max(dot(r,airSun),0.);
        c+=airSunColor*(pow(s,240.)*5.+pow(s,24.)*.25);
        c*=1.+.1*(noise2(vPlace.xz*vec2(.004,.02)+airTimeS*.01)-.5);
        c=mix(c,hazeColor(-e,airSun),(1.-exp(-seen*airDensity))*.94);
        gl_FragColor=vec4(c,1.);
        #include <tonemapping_fragment>
        #include <colorspace_fragment>
      }`,
  })
}
