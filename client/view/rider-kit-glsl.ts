import { DIGITS_GLSL } from './rider-digits.ts'
import { TINT } from './rider-parts.ts'

/**
 * Colours by place on the body, not by mesh: seams and stripes stay sharp at any distance. The vertex shader picks up to
 * three colours for what it draws (vA, vB, vC) and hands on where it was at rest (vRest).
 */
export const KIT_VERTEX_HEAD = `
varying vec3 vRest; flat varying vec3 vA,vB,vC; flat varying vec4 vKit; flat varying vec3 vShare;
vec3 unpacked(float v){vec3 c=vec3(floor(v/65536.),mod(floor(v/256.),256.),mod(v,256.))/255.;
  return c*(c*(c*.305306011+.682171111)+.012522878);}
float bits(float v,float from,float count){return mod(floor(v/from),count);}
const vec3 HAIR[6]=vec3[](vec3(.006,.005,.005),vec3(.018,.011,.008),vec3(.055,.028,.014),vec3(.17,.09,.035),vec3(.32,.22,.1),vec3(.12,.032,.01));
`

const is = (...tints: readonly number[]) => tints.map((tint) => `abs(t-${tint}.)<.5`).join('||')

/** Style, as rider-kit packs it: long hair 2, hair 8, socks 4, gloves 4, glasses 4, beard 2, shoes 4, tan tyres 2. */
export const KIT_VERTEX = `
vRest=position; vShare=vec3(rd5.zw,rd9.x);
{float t=bone.y,style=rd7.z;
 vec3 jersey=unpacked(rd6.x),accent=unpacked(rd6.y),shorts=unpacked(rd6.z),skin=unpacked(rd7.y)+vec3(.015,.01,.008),frame=unpacked(rd7.x);
 vec3 hair=HAIR[int(bits(style,2.,8.))];
 float socks=bits(style,16.,4.),gloves=bits(style,64.,4.),shoes=bits(style,2048.,4.);
 vec3 sock=socks<.5?vec3(.82):socks<1.5?vec3(.02):socks<2.5?accent:jersey;
 vKit=vec4(t,floor(rd7.w/10000.),mod(rd7.w,10000.),style);
 vA=jersey;vB=accent;vC=shorts;
 if(${is(TINT.arm)})vC=skin;
 else if(${is(TINT.leg)}){vA=shorts;vB=skin;vC=sock;}
 else if(${is(TINT.shoe)}){vA=shoes<.5?vec3(.8):shoes<1.5?vec3(.025):shoes<2.5?vec3(.75,.74,.7):accent;vC=sock;}
 else if(${is(TINT.hand)}){vA=gloves<1.5?vec3(.022):gloves<2.5?skin:accent;}
 else if(${is(TINT.finger)}){vA=gloves<.5?vec3(.022):skin;}
 else if(${is(TINT.head)}){vA=skin;vB=hair;}
 else if(${is(TINT.hair)})vA=hair;
 else if(${is(TINT.helmet)}){vA=unpacked(rd6.w);vB=accent;}
 else if(${is(TINT.glasses)}){float g=bits(style,256.,4.);vA=g<1.5?vec3(.008,.01,.014):g<2.5?vec3(.1,.018,.008):vec3(.01,.045,.08);}
 else if(${is(TINT.frame)}){vA=frame;vB=accent;}
 else if(${is(TINT.wheel)}){vA=vec3(.016);vB=mix(accent,vec3(.7),.4);vC=bits(style,8192.,2.)>.5?vec3(.36,.2,.09):vec3(.018);}
 else if(${is(TINT.bottle)}){vA=mix(vec3(.75),jersey,.12);vB=jersey;}
 else if(${is(TINT.tape)}){vA=bits(style,2048.,4.)<.5?vec3(.72):vec3(.02);}
 vRest+=vec3(0.);
}`

export const KIT_FRAGMENT_HEAD = `
varying vec3 vRest; flat varying vec3 vA,vB,vC; flat varying vec4 vKit; flat varying vec3 vShare;
${DIGITS_GLSL}
float gloss;
float seam(float x){float w=fwidth(x)+1e-5;return smoothstep(-w,w,x);}
float within(float x,float half_){return seam(half_-abs(x));}
float bits(float v,float from,float count){return mod(floor(v/from),count);}
/** A jersey at a height of the trunk; round is how far around it, 0 at the spine's front. */
vec3 jerseyAt(vec3 p,float k){
  vec3 c=vA;float y=p.y;
  if(k<.5)c=mix(c,vB,within(y-.3,.05));
  else if(k<1.5)c=mix(c,vB,seam(sin(y*52.)-.1)*seam(y-.13)*seam(.47-y));
  else if(k<2.5)c=mix(c,vB,seam(abs(p.x)-.098-.05*smoothstep(.25,.45,y)));
  else if(k<3.5)c=mix(c,vB,seam(y-.39+.1*abs(p.x)));
  else if(k<4.5)c=mix(c,vB,within(p.x-.055,.03));
  else if(k<5.5)c=mix(c,vB,.0);
  else if(k<6.5){vec2 q=vec2(atan(p.x,p.z*1.4)*1.59155+floor(y*13.)*.5,y*13.);q=fract(q)-.5;c=mix(c,vB,seam(.105-dot(q,q)));}
  else c=mix(c,vB,within(p.x*.72+(y-.3)*.7,.042));
  return c;}
float slot(vec2 p,float x,float from,float to,float r){return seam(r-length(p-vec2(x,clamp(p.y,from,to))));}
/** Cloth lies in folds where the body bends: m above the skin, by place at rest. */
float foldsAt(vec3 p,float t){
  if(t<.5){float waist=smoothstep(.34,.12,p.y)*smoothstep(.05,.09,p.y),under=smoothstep(.07,.14,abs(p.x))*smoothstep(.3,.42,p.y)*smoothstep(.53,.46,p.y);
    return .0016*waist*sin(p.y*95.+sin(p.x*16.+1.)*1.6+sin(p.z*23.)*1.2)+.0014*under*sin((abs(p.x)*.9+p.y*.5)*110.+sin(p.z*30.));}
  float sleeve=smoothstep(-.2,-.13,p.y)*smoothstep(.03,-.05,p.y);
  return .0013*sleeve*sin(p.y*88.+sin(p.x*60.)*1.1+sin(p.z*52.)*1.3);}
vec3 foldedNormal(vec3 n,vec3 at){
  float t=vKit.x;if(t>1.5)return n;
  float h=foldsAt(vRest,t);vec3 sx=dFdx(at),sy=dFdy(at),r1=cross(sy,n),r2=cross(n,sx);float det=dot(sx,r1);
  // Folds smaller than a pixel are none.
  float fine=1.-smoothstep(.004,.012,length(sx)+length(sy));
  return normalize(abs(det)*n-fine*sign(det)*(dFdx(h)*r1+dFdy(h)*r2));}
vec3 kit(){
  float t=vKit.x,style=vKit.w;vec3 p=vRest;gloss=.8;
  if(t<.5){
    float k=vKit.y;vec3 c=jerseyAt(p,k);
    c=mix(c,vB,seam(p.y-.533));
    if(p.z>0.)c*=1.-.55*within(p.x,.0022)*seam(p.y-.09);                                   // zip
    else{
      float pocket=max(within(p.y-.2,.0018)*within(p.x,.118),max(within(abs(p.x)-.042,.0014),0.)*seam(.2-p.y)*seam(p.y-.085));
      c*=1.-.38*pocket;
      if(vKit.z>.5){vec2 q=vec2(-p.x,p.y-.27);float panel=within(q.x,.108)*within(q.y,.068);
        c=mix(c,vec3(.86),panel);c=mix(c,vec3(.012),panel*numberAt(q/min(.124,.29/digitsOf(vKit.z)),vKit.z));}
    }
    c*=1.-.3*within(p.y-.068,.004);                                                        // the hem's elastic
    c=mix(vC,c,seam(p.y-.064-.012*p.z));
    return c*mix(.62,1.,smoothstep(.13,-.02,p.z)+smoothstep(.16,.42,p.y));
  }
  if(t<1.5){
    float k=vKit.y;vec3 c=vA;float y=p.y;
    if(k>1.5&&k<3.5)c=mix(c,vB,k<2.5?1.:seam(y+.06));
    if(k>.5&&k<1.5)c=mix(c,vB,seam(sin(y*52.)-.1));
    if(k>5.5&&k<6.5){vec2 q=fract(vec2(atan(p.x,p.z)*.63662+floor(y*13.)*.5,y*13.))-.5;c=mix(c,vB,seam(.105-dot(q,q)));}
    c=mix(c,vB,within(y+.195,.011));
    c*=1.-.35*within(y+.208,.003);
    gloss=y<-.208?.55:.8;
    return mix(vC,c,seam(y+.208));
  }
  if(t<2.5){
    float y=p.y,hem=-.272,sockTop=-.735+.045*bits(style,16.,4.);
    vec3 c=mix(vB*mix(.93,1.,smoothstep(-.3,-.36,y)),vA,seam(y-hem));
    c*=1.-.3*within(y-hem-.02,.002);
    float warm=exp(-pow((y+.44)*18.,2.))*smoothstep(.02,.05,p.z);c=mix(c,c*vec3(1.04,.9,.86),warm*step(y,hem));
    vec3 sock=vC*(1.-.25*within(y-sockTop+.012,.0035));
    c=mix(c,sock,seam(sockTop-y));
    gloss=y>hem||y<sockTop?.82:.52;
    return c*mix(.7,1.,smoothstep(.03,-.1,y));
  }
  if(t<3.5){gloss=.38;vec3 c=vA;c*=1.-.5*within(p.z-.1,.0016)*seam(p.y+.066);c=mix(c,vC,seam(p.y-.004+.3*max(0.,p.z-.02)));
    return mix(c,c*.5,seam(-.079-p.y));}
  if(t<4.5){gloss=.7;return vA*(1.-.4*within(p.y+.002,.003));}
  if(t<5.5){
    gloss=.5;vec3 c=vA;float front=smoothstep(-.01,.05,p.z);
    c=mix(c,c*vec3(1.06,.86,.83),exp(-dot(p.xy-vec2(.034*sign(p.x),.014),p.xy-vec2(.034*sign(p.x),.014))*900.)*.6*front);
    c=mix(c,vB,seam(-.012-.25*abs(p.y-.02)-p.z)*seam(p.y+.012));                            // hair, where none is modelled
    if(bits(style,1024.,2.)>.5)c=mix(c,mix(c,vB,.72),(1.-smoothstep(-.012,.012,p.y-.016*smoothstep(.03,.06,abs(p.x))-.006))*front*seam(p.y+.075));
    c=mix(c,c*vec3(.72,.5,.5),within(p.y+.017+.2*p.x*p.x*40.*.1,.0038)*within(p.x,.021)*step(.06,p.z));     // mouth
    float strap=within(p.z-.032-(p.y-.1)*.14,.004)*seam(.11-p.y)*seam(p.y+.05)*step(.035,abs(p.x));
    c=mix(c,vec3(.02),strap);
    return c*mix(1.,.55,smoothstep(.075,.11,p.y))*mix(.62,1.,smoothstep(-.062,-.03,p.y+.5*max(0.,p.z)));
  }
  if(t<6.5){gloss=.7;return vA*(.85+.3*sin(p.x*380.+p.y*60.)*sin(p.z*170.));}
  if(t<7.5){
    gloss=.32;vec3 c=vA;
    // Vents: long holes either side of the middle; where an aero rider has none, the shell is smooth.
    float x=abs(p.x),vent=slot(vec2(x,p.z),0.,.04,.085,.009);
    if(vKit.y<.5||bits(style,4096.,2.)<.5){vent=max(vent,max(slot(vec2(x,p.z),.031,-.012,.07,.0085),slot(vec2(x,p.z),.029,-.105,-.045,.0075)));
      vent=max(vent,max(slot(vec2(x,p.z),.064,-.05,.035,.0085),slot(vec2(x,p.z),.055,-.125,-.09,.006)));}
    vent*=seam(p.y-.145);
    c=mix(c,vB,within(x-.047,.0045)*seam(p.y-.15));
    c=mix(c,vec3(.012),vent*.94);
    return mix(c,vec3(.02),seam(.098-p.y));
  }
  if(t<8.5){gloss=.1;return vA;}
  if(t<9.5){gloss=.28;vec3 c=vA;
    c=mix(c,vB,seam(-.06-p.z)*seam(.62-p.y)*step(.5,bits(style,8192.,2.)));
    float mark=within(p.y-(.31+p.z*.93),.012)*seam(p.z-.17)*seam(.33-p.z);c=mix(c,mix(vec3(.9),vec3(.02),step(.45,dot(vA,vec3(.3,.5,.2)))),mark*.9);
    return c;}
  if(t<10.5){float r=length(p.yz),a=atan(p.z,p.y);gloss=r>.313?.92:.36;
    vec3 rim=vec3(.017);float mark=within(r-.293,.006)*seam(sin(a*2.)-.72);rim=mix(rim,vB,mark);
    return mix(rim,mix(vC,vA,seam(r-.328)),seam(r-.3125));}
  if(t<11.5){gloss=.4;return mix(vA,vB,within(fract(p.y*9.)-.5,.22));}
  if(t<12.5){vec2 q=vec2(-p.z*sign(p.x),p.y)-vec2(.228*sign(p.x),.905);float n=numberAt(q/min(.064,.135/digitsOf(vKit.z)),vKit.z);return mix(vec3(.86),vec3(.012),n);}
  if(t<13.5){gloss=.75;return vA*(1.-.25*seam(sin((p.x*.7+p.y+p.z)*260.)-.6));}
  if(t<14.5){gloss=.6;return vA;}
  if(t<15.5)return vec3(.02);
  if(t<16.5)return vec3(.018);
  if(t<17.5){gloss=.38;return vec3(.024);}
  if(t<18.5){gloss=.34;return vec3(.3);}
  if(t<19.5){gloss=.3;return vec3(.06);}
  if(t<20.5){gloss=.3;return vec3(.35,.01,.01);}
  if(t<21.5){gloss=.15;return mix(vec3(.05,.06,.07),vec3(.25,.3,.32),within(fract(p.z*70.)-.5,.14));}
  gloss=.6;return vec3(.03);
}
`
