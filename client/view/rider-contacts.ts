import { BufferAttribute, DoubleSide, InstancedBufferGeometry, Mesh, ShaderMaterial } from 'three'
import type { Air } from './materials.ts'
import { BIKE, vec } from './rider-measures.ts'
import { POSE_GLSL, ROW_GLSL } from './rider-pose-glsl.ts'

/**
 * What of a rider has to be seen through: darkness where tyres meet the road, spokes, spray off a wet road, the glow of
 * lamps at night, breath in the cold. One draw per detail for all who are near.
 */
const HALF_WIDE_M = 0.3
const HALF_LONG_M = 0.98
const ABOVE_ROAD_M = 0.015
const SPOKES = 20
/** As long a picture is exposed, s: faster than this spokes are a grey disc. */
const EXPOSED_S = 0.011

/** `position.z`: 0 contact, 1 front wheel, 2 rear wheel, 3 spray, 4 lamp ahead, 5 lamp behind, 6 breath; x and y −1 … 1. */
export function contactGeometry(): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry()
  const position = [0, 1, 2, 3, 4, 5, 6].flatMap((part) => [-1, -1, part, 1, -1, part, 1, 1, part, -1, 1, part])
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(position), 3))
  geometry.setIndex([0, 4, 8, 12, 16, 20, 24].flatMap((a) => [a, a + 2, a + 1, a, a + 3, a + 2]))
  return geometry
}

export function createContacts(geometry: InstancedBufferGeometry, air: Air): Mesh {
  const { airNight, airWet, airTimeS, airSnowLineM } = air.uniforms
  const material = new ShaderMaterial({
    uniforms: { airNight, airWet, airTimeS, airSnowLineM },
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    polygonOffset: true,
    polygonOffsetFactor: -2,
    polygonOffsetUnits: -2,
    vertexShader: `${ROW_GLSL}${POSE_GLSL}
      uniform float airNight,airWet,airTimeS,airSnowLineM;
      varying vec3 vAt; flat varying vec4 vTurn;
      void main(){
        vec3 p,n=vec3(0,1,0);float part=position.z;vAt=position;
        vTurn=vec4(rd4.x,abs(rd4.y)/${BIKE.wheelM}*${EXPOSED_S},rd5.zw);
        if(part<.5)p=vec3(position.x*${HALF_WIDE_M},${ABOVE_ROAD_M},position.y*${HALF_LONG_M}+.08);
        else if(part>5.5){
          // Breath is seen below about 5 °C: snow stays at 1 °C, and 620 m lower it is 4 K warmer. It stands where it was
          // breathed out, so who is fast has it only for a moment.
          float cold=rd9.y>.5?0.:smoothstep(-620.,-250.,(modelMatrix*vec4(rd0.xyz,1.)).y-airSnowLineM);
          float age=fract(airTimeS*(.42+.1*fract(rd7.z*.37))+rd6.x*.013)*2.4,thin=cold*max(0.,1.-age*(.4+.05*rd4.y));
          if(thin<=0.){gl_Position=vec4(2.,2.,2.,1.);return;}
          readPose();
          p=vec3(0.,pA.x+.25*rd8.x*(cos(pA.z)+cos(pA.w))+.15,pA.y+.25*rd8.x*(sin(pA.z)+sin(pA.w))+.27-age*min(rd4.y,6.)*.3);
          toRoad(p,n);vTurn=vec4(rd0.w,thin*smoothstep(0.,.2,age),rd5.zw);
          gl_Position=projectionMatrix*(modelViewMatrix*vec4(p,1.)+vec4(position.xy*(.05+.16*age),.05,0.));return;}
        else if(part>2.5){
          // Cards that face the eye. Dry roads and daylight fold them away.
          readPose();float lit=rd9.y>.5?0.:part<3.5?airWet*(1.-rd9.x)*smoothstep(2.,7.,rd4.y):airNight;
          p=part<3.5?vec3(0,.36,-.98):part<4.5?vec3(0,.93,.57):vec3(0,.88+(rd8.x-1.)*.8,-.24);
          p=tilted(p,bikeTilt());toRoad(p,n);
          vec4 at=modelViewMatrix*vec4(p,1.);float r=part<3.5?.5:part<4.5?.15:.1;
          // A lamp shows as long as the bicycle does not stand before it.
          float ahead=dot(normalize(at.xyz),(modelViewMatrix*vec4(rd1.x,0.,rd1.y,0.)).xyz);
          if(part>3.5)lit*=smoothstep(-.3,.5,part<4.5?-ahead:ahead);
          vTurn=vec4(rd0.w,lit,rd5.zw);
          gl_Position=projectionMatrix*(at+vec4(position.xy*r*step(.001,lit),part<3.5?0.:.12,0.));return;}
        else{readPose();p=(part<1.5?${vec(0, ...BIKE.frontHub)}:${vec(0, ...BIKE.rearHub)})+vec3(0,position.xy*.31).xyz;p=tilted(p,bikeTilt());}
        if(part<.5){float l=rd1.w;vec3 q=p;q.x-=sin(l)*.22*step(.2,abs(l));
          float cu=sqrt(max(0.,1.-rd1.z*rd1.z));
          p=rd0.xyz+mat3(rd1.y,0.,-rd1.x,-rd1.x*rd1.z,cu,-rd1.y*rd1.z,rd1.x*cu,rd1.z,rd1.y*cu)*q;}
        else toRoad(p,n);
        gl_Position=projectionMatrix*modelViewMatrix*vec4(p,1.);}`,
    fragmentShader: `uniform float airTimeS; varying vec3 vAt; flat varying vec4 vTurn;
      void main(){
        float hole=fract(52.9829189*fract(dot(gl_FragCoord.xy,vec2(.06711056,.00583715))));
        if(hole<vTurn.z||hole>=vTurn.w)discard;
        if(vAt.z<.5){float d=1.-clamp(dot(vAt.xy,vAt.xy),0.,1.);gl_FragColor=vec4(.02,.025,.04,.55*d*d);return;}
        if(vAt.z>2.5){float d=1.-length(vAt.xy);if(d<=0.)discard;
          if(vAt.z>5.5){gl_FragColor=vec4(.9,.93,.96,.6*vTurn.y*d*d*(3.-2.*d));return;}
          if(vAt.z<3.5){vec2 q=vAt.xy*vec2(13.,9.)-vec2(0.,airTimeS*13.),cell=floor(q);
            float h=fract(sin(dot(cell,vec2(12.9898,78.233))+floor(vTurn.x*3.))*43758.5453);
            float drop_=smoothstep(.3,.1,length((fract(q)-.5+.5*vec2(h-.5,fract(h*7.)-.5))*vec2(1.,.55)))*step(.45,h);
            gl_FragColor=vec4(.8,.84,.88,vTurn.y*d*(.2*d+.34*drop_));return;}
          gl_FragColor=vec4(vAt.z<4.5?vec3(1.,.96,.85):vec3(1.,.12,.08),vTurn.y*(d*d*d*.55+smoothstep(.8,.92,d)));return;}
        float r=length(vAt.xy)*.31;if(r>.3||r<.012)discard;
        if(r>.061&&r<.079){gl_FragColor=vec4(vec3(.2),.9);return;} // the brake's disc
        // How much of this place spokes cover while the picture is exposed: lines, smeared by what the wheel turns.
        float a=atan(vAt.y,vAt.x)+vTurn.x;float gap=6.2831853/${SPOKES}.;
        float across=abs(fract(a/gap)-.5)*gap;across=gap*.5-across;
        float wide=.0011/r,pixel=length(fwidth(vAt.xy))*.31/r*.7;
        float blur=max(pixel,vTurn.y*.5);
        float cover=clamp((wide+blur-across)/max(blur*2.,1e-4),0.,1.)*min(1.,wide/max(blur,wide));
        float still=2.*wide/gap;
        cover=mix(cover,still*1.6,smoothstep(gap*.25,gap*.6,blur));
        vec3 c=mix(vec3(.012),vec3(.05),smoothstep(.02,.2,blur));
        gl_FragColor=vec4(c,min(1.,cover));}`,
  })
  const mesh = new Mesh(geometry, material)
  mesh.frustumCulled = false
  mesh.renderOrder = 2
  return mesh
}
