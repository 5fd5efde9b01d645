import { BackSide, Color, Mesh, ShaderMaterial, SphereGeometry, Vector3, Vector4, type Camera } from 'three'
import type { SkyNow } from '../world/sky-now.ts'
import { clearing } from './air-drive.ts'
import { CLOUD_GLSL, CLOUD_M, HAZE_GLSL, NOISE_GLSL } from './air-glsl.ts'
import type { Air } from './materials.ts'
import type { SkyLight } from './sky-light.ts'

export interface Sky {
  readonly mesh: Mesh
  /** Before each frame, after `AirDrive.apply`. */
  update(camera: Camera, sky: SkyNow): void
}

/** Sky, sun, moon, stars and clouds on a dome around the eye. At the horizon it is exactly the haze of the hills. */
export function createSky(air: Air, light: SkyLight, isPlain: boolean): Sky {
  const own = {
    skySun: { value: new Vector3() },
    skyMoon: { value: new Vector3() },
    skyGlow: { value: light.glow },
    skyLit: { value: light.cloudLit },
    skyDark: { value: light.cloudDark },
    /** Clouds' threshold, share of the sky they take, starlight, rainbow. */
    skyKind: { value: new Vector4() },
    /** Where the eye is, in cells of the clouds; how far the stars have turned, rad. */
    skyEye: { value: new Vector3() },
    skyBase: { value: new Color() },
  }
  const material = new ShaderMaterial({
    side: BackSide,
    depthWrite: false,
    defines: isPlain ? { PLAIN: '' } : {},
    uniforms: { ...air.uniforms, ...own } as never,
    vertexShader: `varying vec3 vDirection;
      void main(){vDirection=position;vec4 p=projectionMatrix*vec4(mat3(modelViewMatrix)*position,1.);gl_Position=p.xyww;}`,
    fragmentShader: SKY_FRAGMENT,
  })
  const mesh = new Mesh(new SphereGeometry(100, 32, 20), material)
  mesh.frustumCulled = false
  mesh.renderOrder = 10 // After everything solid: most of it is hidden by then.
  return {
    mesh,
    update: ({ position }, { cloudShare, hourH }) => {
      mesh.position.copy(position)
      own.skySun.value.fromArray(light.sun)
      own.skyMoon.value.fromArray(light.moon)
      own.skyKind.value.set(clearing(cloudShare), cloudShare, light.starlight, light.rainbow)
      const { x, y } = air.uniforms.airCloudShadow.value
      own.skyEye.value.set(x + position.x / CLOUD_M, y + position.z / CLOUD_M, (hourH / 12) * Math.PI)
    },
  }
}

const SKY_FRAGMENT = `varying vec3 vDirection;
uniform vec3 airZenith,skySun,skyMoon,skyGlow,skyLit,skyDark,skyEye; uniform vec4 skyKind; uniform float airTimeS;
${HAZE_GLSL} ${NOISE_GLSL} ${CLOUD_GLSL}
vec3 stars(vec3 v){
  float a=skyEye.z; vec3 axis=normalize(vec3(0.,.73,-.68)); // The pole stands as high as the latitude.
  vec3 r=v*cos(a)+cross(axis,v)*sin(a)+axis*dot(axis,v)*(1.-cos(a));
  vec3 b=abs(r); vec2 q=b.y>max(b.x,b.z)?r.xz/b.y:(b.x>b.z?r.yz/b.x+5.:r.xy/b.z+11.);
  vec2 cell=floor(q*70.); float h=hash2(cell+500.);
  vec2 at=fract(q*70.)-.5-.34*(vec2(hash2(cell+900.),hash2(cell+1300.))-.5)*2.;
  float big=step(.975,h), on=step(.86,h);
  float d=length(at); float s=on*(.35+.65*hash2(cell+77.))*(1.+2.4*big)*smoothstep(.1+.06*big,0.,d);
  float way=smoothstep(.34,.0,abs(dot(r,vec3(.43,.5,.75)))); // The galaxy, a faint band.
  float dust=way*way*(.7+.3*sin(r.x*9.+r.z*5.)*sin(r.z*13.-r.y*4.));
  return s*mix(vec3(1.,.86,.7),vec3(.78,.88,1.),hash2(cell+31.))+dust*vec3(.035,.042,.06);}
void main(){
  vec3 v=normalize(vDirection);
  float up=max(v.y,0.), s=max(dot(v,skySun),0.);
  vec3 haze=hazeColor(v,airSun);
  vec3 c=mix(haze,airZenith,1.-exp(-up*3.7));
  // Mist stands before the sky too, less so overhead.
  float mist=1.-exp(-airDensity*110./(up+.01));
  float low=1.-exp(-max(0.,.35-up)*4.);
  // Light around the sun: wide and flat while it is low, a halo when it is high.
  float flatS=max(dot(normalize(vec3(v.x,v.y*2.2,v.z)),normalize(vec3(skySun.x,skySun.y*2.2,skySun.z))),0.);
  c+=skyGlow*(.15*pow(s,6.)+.5*pow(s,60.)+1.2*pow(s,700.)+.2*low*pow(flatS,9.));
  float thin=1.;
#ifndef PLAIN
  if(skyKind.z>0.){
    c+=stars(v)*skyKind.z*smoothstep(.02,.4,v.y);
    float m=dot(v,skyMoon); vec3 face=v-skyMoon*m;
    float disc=smoothstep(.99985,.9999,m);
    float seas=.72+.5*fractal2(face.xy*150.+face.zx*90.+40.);
    c+=skyKind.z*(disc*vec3(1.,.97,.9)*seas*1.5+vec3(.5,.6,.85)*(.05*pow(max(m,0.),24.)+.2*pow(max(m,0.),900.)));
  }
  if(v.y>.008){
    // High veils, drawn out along the wind.
    vec2 q=v.xz/(v.y+.12); float veil=fractal2(vec2(q.x*.5+q.y*.3,q.y*1.7-q.x*.4)+skyEye.xy*.06+9.);
    float ice=.32*smoothstep(.42,.85,veil+.12*skyKind.y)*smoothstep(.05,.35,v.y);
    c=mix(c,skyLit*1.02+skyGlow*.4*pow(s,20.),ice*(.35+.65*(1.-skyKind.y)));
    // Heaps on a plane above the land, not drawn out towards the horizon as a plane would be: they stand. The same field
    // throws the shadows.
    vec2 to=v.xz/(v.y+.2), p=skyEye.xy+to*2.;
    float t=skyKind.x, k=cloudBulk(p), deck=smoothstep(.66,.97,skyKind.y);
    // Heads in the light, feet grey: what is higher in the picture is higher, and more so far off.
    vec2 e=p-to*(.16/(.35+length(to)))+skySun.xz*(.14/max(.4,skySun.y+.3));
    vec2 r=mat2(.8,.6,-.6,.8)*p; float heads=abs(2.*noise2(r*4.3+21.2)-1.), fine=abs(2.*noise2(r.yx*9.7+50.)-1.);
    float over=k+.13*heads+.075*fine+.03*noise2(r*23.)-t-.01;
    float cover=smoothstep(0.,.09,over)*smoothstep(.03,.12,skyKind.y)*smoothstep(.015,.11,v.y);
    float lit=clamp(.72+3.2*(k-cloudBulk(e))+.35*heads+.25*fine-2.1*max(over-.05,0.),0.,1.);
    vec3 cloud=mix(skyDark,skyLit,lit)+skyGlow*(1.1*pow(s,8.)*smoothstep(.2,.0,over));
    // One deck from horizon to horizon: its lower side, in folds, brighter where it ends.
    if(deck>0.){
      float folds=fractal2(p*.35+31.), roll=fractal2(p+3.*folds);
      vec3 under=mix(skyDark,skyLit,smoothstep(.33,.6,folds*.6+roll*.4)+.35*smoothstep(.3,.03,v.y));
      cloud=mix(cloud,under,deck);
      cover=max(cover,deck*smoothstep(.0,.1,v.y)*.97);
    }
    cloud=mix(haze,cloud,smoothstep(-.02,.15,v.y));
    c=mix(c,cloud,cover*.95);
    thin=1.-cover;
  }
  // 42° around the point opposite the sun; the second bow is too faint for the effort.
  if(skyKind.w>0.){
    float r=degrees(acos(clamp(-dot(v,skySun),-1.,1.)))-41.2; float b=r/1.9;
    vec3 bow=vec3(smoothstep(.2,.75,b)*smoothstep(1.2,.8,b),smoothstep(-.1,.4,b)*smoothstep(.85,.5,b),smoothstep(-.5,.0,b)*smoothstep(.5,.1,b));
    c+=bow*skyKind.w*.2*smoothstep(-.02,.06,v.y)+skyKind.w*.02*step(b,0.);
  }
#else
  c=mix(c,mix(skyDark,skyLit,.5),smoothstep(.5,1.,skyKind.y)*smoothstep(.0,.2,v.y));
#endif
  c=mix(c,haze,mist*.92);
  thin*=1.-mist;
  c+=skyGlow*thin*thin*8.*smoothstep(.99955,.99975,s)*smoothstep(-.03,.0,v.y);
  gl_FragColor=vec4(c,1.);
  #include <tonemapping_fragment>
  #include <colorspace_fragment>
}`
