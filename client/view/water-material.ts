import { DataTexture, LinearFilter, RedFormat, ShaderMaterial, Vector3 } from 'three'
import { CLOUD_GLSL } from './air-glsl.ts'
import type { LandFacts } from './land-part.ts'
import { FROM_EYE_GLSL, HAZE_GLSL, NOISE_GLSL, type Air } from './materials.ts'
import { OFFSHORE_M, UNDER_BEACH_M, type WaterPlan } from './water.ts'

/*
 * What the shader does, in its order:
 * - Slope of the surface: swell that runs with the wind, chop across it, ripples on top; far ones melt together.
 * - Seen flat, the backs of waves hide: their mean mirrors.
 */
export function waterMaterial(plan: WaterPlan, { look }: LandFacts, air: Air): ShaderMaterial {
  const shores = new DataTexture(plan.shores, plan.sizePx, plan.sizePx, RedFormat)
  shores.minFilter = LinearFilter
  shores.magFilter = LinearFilter
  shores.needsUpdate = true
  const { water } = look
  const vec = (rgb: readonly number[]): string => `vec3(${rgb.map((n) => n.toFixed(3)).join(',')})`
  const uniforms = {
    ...air.uniforms,
    waterShores: { value: shores },
    waterAt: { value: new Vector3(plan.originX, plan.originZ, plan.sideM) },
  }
  return new ShaderMaterial({
    uniforms: uniforms as never,
    vertexShader: `varying vec3 vPlace; ${FROM_EYE_GLSL}
      void main(){vPlace=position;gl_Position=projectionMatrix*vec4(fromEye(position,vec3(0.)),1.);}`,
    fragmentShader: `varying vec3 vPlace; uniform vec3 airZenith,waterAt; uniform float airTimeS,airRain; uniform vec4 airWind;
      uniform sampler2D waterShores; ${HAZE_GLSL} ${CLOUD_GLSL} ${NOISE_GLSL}
      vec2 slope(vec2 p,float seen,float shallow){
        float w=length(airWind.xy), t=airTimeS; vec2 d=airWind.xy/max(w,.3), s=vec2(-d.y,d.x);
        float small=1.-smoothstep(30.,220.,seen), wide=1.-smoothstep(300.,2600.,seen), e=.35;
        vec2 g=vec2(0.);
        float a=dot(p,d)*.11-t*.85+2.5*noise2(p*.014), b=dot(p,normalize(d+.6*s))*.19-t*1.15+2.*noise2(p*.021+7.);
        g+=${water.swell.toFixed(2)}*wide*(d*cos(a)*.16+normalize(d+.6*s)*cos(b)*.12)*(1.-.5*shallow);
        vec2 q=p*.55-d*t*.32; g+=small*(.2+.09*w)*vec2(noise2(q+vec2(e,0.))-noise2(q),noise2(q+vec2(0.,e))-noise2(q));
        q=p*2.1-d*t*.7; g+=small*small*(.06+.05*w)*vec2(noise2(q+vec2(e,0.))-noise2(q),noise2(q+vec2(0.,e))-noise2(q));
        q=p*vec2(.13,.17)-d*t*.09; g+=wide*(.25+.08*w)*${(0.3 + 0.7 * water.swell).toFixed(2)}*vec2(noise2(q+vec2(e,0.))-noise2(q),noise2(q+vec2(0.,e))-noise2(q));
        if(airRain>0.){q=p*5.3+t*3.; g+=airRain*small*small*.3*vec2(noise2(q+vec2(e,0.))-noise2(q),noise2(q+vec2(0.,e))-noise2(q));}
        return g;
      }
      void main(){
        vec2 uv=(vPlace.xz-waterAt.xy)/waterAt.z;
        float share=uv==clamp(uv,0.,1.)?texture2D(waterShores,uv).r:1.;
        float off=share*${(UNDER_BEACH_M + OFFSHORE_M).toFixed(1)}-${UNDER_BEACH_M.toFixed(1)};
        if(off<-14.)discard;
        vec3 toEye=cameraPosition-vPlace; float seen=length(toEye); vec3 e=toEye/seen; vec2 p=vPlace.xz;
        float shallow=1.-smoothstep(0.,40.,off);
        vec2 g=slope(p,seen,shallow)*.9*(.2+.8*smoothstep(.0,.3,e.y));
        vec3 n=normalize(vec3(-g.x,1.,-g.y));
        vec3 r=reflect(-e,n); r.y=abs(r.y);
        float fresnel=.025+.72*pow(1.-max(dot(n,e),.02+.4*e.y),5.);
        vec3 haze=hazeColor(r,airSun);
        vec3 sky=mix(haze,airZenith,1.-exp(-r.y*3.1));
        ${
          water.foam > 0
            ? ''
            : `// Hills stand on their heads in the far half of a still lake.
        sky=mix(sky,(airZenith*.12+vec3(.04,.062,.05))*min(1.,airSunColor.g+.3),.8*smoothstep(.42,.16,r.y+.18*noise2(normalize(r.xz)*7.))*smoothstep(20.,200.,seen));`
        }
        float shade=cloudShade(p,vPlace.y); float lit=(.1+.9*clamp(airSunColor.g*1.15,0.,1.))*(.45+.55*shade);
        vec3 deep=mix(${vec(water.deep)},${vec(water.shallow)},.16*noise2(p*.008)+.84*pow(shallow,1.7))*lit;
        vec3 c=mix(deep,sky,fresnel);
        float s=max(dot(r,airSun),0.);
        c+=airSunColor*shade*(pow(s,260.)*4.+pow(s,28.)*.2);
        ${
          water.foam > 0
            ? `float w=length(airWind.xy);
        float lace=noise2(p*.9+airTimeS*.12)*.55+noise2(p*2.7-airTimeS*.2)*.45;
        // Breakers come in as lines along the shore, and melt into lace behind them.
        float line=off*.16+airTimeS*.42+3.2*noise2(p*.011);
        float crest=fract(line/6.2832); float surf=smoothstep(.72,.98,crest)*smoothstep(34.,9.,off)*smoothstep(.3,.6,noise2(p*.03+2.)+.2*shallow);
        float edge=smoothstep(7.,.5,off+3.*sin(airTimeS*.55+noise2(p*.05)*9.));
        float caps=smoothstep(.8-.025*w,.86,noise2(p*vec2(.05,.08)-airWind.xy*airTimeS*.02)*.6+noise2(p*.21-airWind.xy*airTimeS*.05)*.4)*smoothstep(2500.,400.,seen);
        float foam=clamp(surf*smoothstep(.36,.78,lace)+edge*smoothstep(.34,.7,lace)+.6*caps,0.,1.);
        c=mix(c,vec3(.82,.87,.9)*lit,foam*${water.foam.toFixed(2)}*.8);`
            : `c=mix(c,${vec(water.shallow)}*.7,.35*smoothstep(5.,0.,off)*(1.-fresnel));`
        }
        c=mix(c,hazeColor(-e,airSun),hazeShare(seen,cameraPosition.y,-toEye.y)*.96);
        gl_FragColor=vec4(c,1.);
        #include <tonemapping_fragment>
        #include <colorspace_fragment>
      }`,
  })
}
