import { POSES } from '../world/poses.ts'
import { ANKLE_GLSL, BIKE, BODY, glsl, POSE_FIELDS, POSE_TABLE, vec } from './rider-measures.ts'
import { BONE, TINT } from './rider-parts.ts'

/**
 * What one rider is told to look like, ten times four numbers, as `rider-rows` writes them:
 * rd0 place, crank · rd1 heading x z, slope as a sine, lean · rd2 rd3 weights of poses 1 … 8 (the first has the rest) ·
 * rd4 wheel, blur of the spokes, effort, way of a drink · rd5 look right, knee out, from which to which share of the
 * dither is drawn · rd6 jersey, accent, shorts, helmet · rd7 frame, skin, style, number · rd8 size, girth, build, aero ·
 * rd9 share of a roof above, 1: seen out of their own eyes.
 */
export const ROW_GLSL = 'attribute vec4 rd0,rd1,rd2,rd3,rd4,rd5,rd6,rd7,rd8,rd9;'

/** Five lines of the table of poses, each a weighted sum over nine. */
function blended(): string {
  const weights = ['w0', 'rd2.x', 'rd2.y', 'rd2.z', 'rd2.w', 'rd3.x', 'rd3.y', 'rd3.z', 'rd3.w']
  const names = ['pA', 'pB', 'pC', 'pD', 'pE']
  return names
    .map((name, line) => {
      const fields = POSE_FIELDS.slice(line * 4, line * 4 + 4)
      const terms = POSES.map((pose, i) => `${weights[i]}*${vec(...fields.map((field) => POSE_TABLE[pose][field]))}`)
      return `${name}=${terms.join('+')};`
    })
    .join('\n')
}

const at = (x: number, [up, forward]: readonly [number, number]) => vec(x, up, forward)
const isBone = (id: number, last = id) => `b>${glsl(id - 0.5)}&&b<${glsl(last + 0.5)}`

/** Place and direction of one point of bicycle or body, from its own bone to the axes of the picture. */
export const POSE_GLSL = `
vec4 pA,pB,pC,pD,pE;
mat2 turned(float a){float c=cos(a),s=sin(a);return mat2(c,-s,s,c);}
${ANKLE_GLSL}
void readPose(){float w0=1.-dot(rd2,vec4(1))-dot(rd3,vec4(1));
${blended()}}
// Top to the right by a, about the line where the tyres touch.
vec3 tilted(vec3 p,float a){float c=cos(a),s=sin(a);return vec3(c*p.x-s*p.y,s*p.x+c*p.y,p.z);}
vec3 dipped(vec3 p,float a){float c=cos(a),s=sin(a);return vec3(p.x,c*p.y-s*p.z,s*p.y+c*p.z);} // forward
float bikeTilt(){return pD.z-pC.w*sin(rd0.w);}
void toRoad(inout vec3 p,inout vec3 n){
  p=tilted(p,rd1.w);n=tilted(n,rd1.w);
  float cu=sqrt(max(0.,1.-rd1.z*rd1.z));
  mat3 m=mat3(rd1.y,0.,-rd1.x,-rd1.x*rd1.z,cu,-rd1.y*rd1.z,rd1.x*cu,rd1.z,rd1.y*cu);
  p=rd0.xyz+m*p;n=m*n;}
`

/** Two bones from a to b: where they meet, bent towards `pole`; `b` comes nearer when they are too short. */
const BODY_GLSL = `
vec3 hipAt,spineMid,spineTop; float bodySize,bodyGirth,twist;
vec3 joint(vec3 a,inout vec3 b,float l1,float l2,vec3 pole){
  vec3 d=b-a;float l=max(length(d),.05);vec3 u=d/l;l=min(l,(l1+l2)*.9985);b=a+u*l;
  float x=(l1*l1-l2*l2+l*l)/(2.*l);
  return a+u*x+normalize(pole-u*dot(pole,u))*sqrt(max(l1*l1-x*x,0.));}
// A limb as one bent skin: round the corner in a curve, so that knee and elbow have no seam.
void limb(inout vec3 p,inout vec3 n,vec3 a,vec3 k,vec3 e,vec3 side,float l1,float l2,float r,vec2 girth){
  float y=-p.y;vec3 u=normalize(k-a),v=normalize(e-k),at,t;
  if(y<l1-r){at=a+u*y;t=u;}else if(y>l1+r){at=k+v*(y-l1);t=v;}
  else{float s=(y-l1+r)/(2.*r);at=mix(mix(k-u*r,k,s),mix(k,k+v*r,s),s);t=normalize(mix(u,v,s));}
  vec3 f=cross(t,side);
  p=at+side*p.x*girth.x+f*p.z*girth.y;n=normalize(side*n.x-t*n.y+f*n.z);}
void trunk(inout vec3 p,inout vec3 n){
  float s=clamp(p.y/${glsl(BODY.spineM)},0.,1.),w=twist*s*s;
  vec3 t=normalize(mix(spineMid-hipAt,spineTop-spineMid,s));
  vec3 x=normalize(vec3(1,0,0)-t*t.x),f=cross(x,t);
  vec3 x2=x*cos(w)-f*sin(w);f=x*sin(w)+f*cos(w);x=x2;
  float g=1.+(bodyGirth-1.)*mix(1.3,.75,smoothstep(.1,.35,p.y));
  vec3 at=mix(mix(hipAt,spineMid,s),mix(spineMid,spineTop,s),s)+t*(p.y-s*${glsl(BODY.spineM)})*bodySize;
  p=at+(x*p.x*(1.+(g-1.)*.7)+f*p.z*g)*bodySize;n=normalize(x*n.x+t*n.y+f*n.z);}
vec3 trunkAt(vec3 p){vec3 n=vec3(0,1,0);trunk(p,n);return p;}
// A drink: to the cage, to the mouth, a swallow, and back. x: hand off the bars, y: bottle at the mouth, z: in the hand.
vec3 drink(){float d=rd4.w;if(d<=0.)return vec3(0);
  return vec3(smoothstep(0.,.18,d)*(1.-smoothstep(.87,1.,d)),smoothstep(.24,.42,d)*(1.-smoothstep(.68,.82,d)),step(.2,d)*step(d,.85));}
vec3 headAt,headTurn; // pitch, yaw, roll
vec3 headward(vec3 p){p=tilted(p,headTurn.z);p=dipped(p,headTurn.x);float c=cos(headTurn.y),s=sin(headTurn.y);return vec3(c*p.x-s*p.z,p.y,s*p.x+c*p.z);}
void readBody(vec3 sip){
  bodySize=rd8.x;bodyGirth=rd8.y;float beat=sin(rd0.w),effort=rd4.z;
  float up=bodySize-1.;
  hipAt=vec3(-pD.x*beat,pA.x+up*.8+pD.y*cos(2.*rd0.w-.9)-.004,pA.y-up*.16);
  hipAt.x-=pD.z*.6;
  float pelvis=pA.z+up*.4,chest=pA.w+up*.7-.35*sip.y; // the taller, the lower over the same bars
  vec3 a=vec3(0,cos(pelvis),sin(pelvis)),c=vec3(0,cos(chest),sin(chest));
  float l=.5*${glsl(BODY.spineM)}*bodySize;
  spineMid=hipAt+a*l;spineTop=spineMid+c*l;
  float roll=pE.w*(.5+effort)*beat;
  spineTop.x+=.55*pD.x*beat-.3*roll;spineMid.x+=.2*pD.x*beat;
  twist=-.42*rd5.x+roll;
  headTurn=vec3(pB.x-.32*sip.y+.05*abs(rd5.x),.95*rd5.x,-.55*rd1.w-.3*roll);
  vec3 neck=normalize(mix(normalize(spineTop-spineMid),vec3(0,1,.12),.5));
  headAt=trunkAt(vec3(0,.545,.004))+neck*${glsl(BODY.neckM)}*bodySize*.86;}
vec3 gripOf(float side,vec3 sip,out vec3 way,out vec3 thumb){
  vec3 g=vec3(side*pB.y,pB.z,pB.w);float up=pC.x,roll=pC.y;
  g=mix(tilted(g,bikeTilt()),g+vec3(0,2.2*(bodySize-1.),0),pE.x);
  way=vec3(-side*.05,sin(up),cos(up));
  if(side<0.&&sip.x>0.){
    vec3 cage=tilted(${at(0, [BIKE.bottle[0] + 0.02, BIKE.bottle[1] + 0.01])},bikeTilt()),mouth=headAt+headward(vec3(-.03,.035,.215)*bodySize);
    g=mix(g,mix(cage,mouth,sip.y),sip.x);g.x-=.16*sip.x*(1.-sip.x)*4.*(1.-sip.y)+.1*sip.x*sip.y*(1.-sip.y)*4.;
    way=normalize(mix(way,mix(vec3(.1,-.9,.25),vec3(.75,.62,.2),sip.y),sip.x));roll*=1.-sip.x;}
  way=normalize(way);
  thumb=normalize(vec3(0,1,0)-way*way.y+vec3(0,0,.001));
  vec3 x=cross(way,thumb);
  thumb=thumb*cos(roll*1.5)+side*x*sin(roll*1.5);
  return g;}
void bodyPart(float b,inout vec3 p,inout vec3 n){
  vec3 sip=drink();readBody(sip);
  if(b<${glsl(BONE.torso + 0.5)}){trunk(p,n);return;}
  if(b<${glsl(BONE.hair + 0.5)}){
    if(b<${glsl(BONE.neck + 0.5)}){
      vec3 q=vec3(p.x,.535+.02*p.y,p.z),m=n;trunk(q,m);
      vec3 h=headAt+headward(vec3(p.x,-.03+.035*p.y,p.z-.012)*bodySize);
      float w=smoothstep(0.,1.,p.y);p=mix(q,h,w);n=normalize(mix(m,headward(n),w));return;}
    p=headAt+headward(p*mix(1.,bodySize,.6));n=headward(n);return;}
  float side=mod(b,2.)>.5?1.:-1.;
  if(b<${glsl(BONE.shoe + 1.5)}){
    float a=rd0.w+(side>0.?3.14159265:0.),tip=ankleAt(a)+pE.z,down=side>0.?pD.w:0.;
    vec3 ankle=vec3(side*${glsl(BIKE.pedalX)},${glsl(BIKE.bottomBracket[0])}+${glsl(BIKE.crankM)}*cos(a),${glsl(BIKE.crankM)}*sin(a));
    ankle.yz+=vec2(${glsl(BODY.ankle[0])}*cos(tip)-${glsl(BODY.ankle[1])}*sin(tip),${glsl(BODY.ankle[0])}*sin(tip)+${glsl(BODY.ankle[1])}*cos(tip));
    float tilt=bikeTilt();ankle=tilted(ankle,tilt);
    vec3 ground=vec3(.235,.1,.02);float step_=down*(1.-down)*4.;
    ankle=mix(ankle,ground,down)+vec3(.1,.03,0)*step_*side*.5;
    tip*=1.-down;
    if(b<${glsl(BONE.leg + 1.5)}){
      vec3 hip=trunkAt(vec3(side*${glsl(BODY.hipX)}*(1.-.03*rd8.z),0,0));
      vec3 pole=vec3(side*(pE.y+.75*max(0.,-rd5.y*side)),.25,1);
      vec3 knee=joint(hip,ankle,${glsl(BODY.thighM)}*bodySize,${glsl(BODY.shinM)}*bodySize,pole);
      vec3 x=normalize(cross(pole,ankle-hip));
      limb(p,n,hip,knee,ankle,x,${glsl(BODY.thighM)}*bodySize,${glsl(BODY.shinM)}*bodySize,.075,vec2(bodyGirth)*bodySize);return;}
    float yaw=down*.12*side;
    p=tilted(dipped(p,tip),tilt*(1.-down))+ankle;n=tilted(dipped(n,tip),tilt*(1.-down));return;}
  vec3 way,thumb,grip=gripOf(side,sip,way,thumb);
  // Out of one's own eyes arms come from below the picture.
  vec3 shoulder=rd9.y>.5?vec3(side*.2,pB.z+.18,pB.w-.5):trunkAt(vec3(side*${glsl(BODY.shoulderX)}*(1.+.05*rd8.z),${glsl(BODY.shoulderY)},0));
  vec3 wrist=grip-way*${glsl(BODY.gripM)};
  float off=side<0.?sip.x:0.;
  vec3 pole=mix(vec3(side*.12,-1,-.42),vec3(side,-.5,-.25),clamp(pC.z,0.,1.));
  pole=mix(pole,vec3(side*.8,-.7,-.2),off);
  vec3 elbow=joint(shoulder,wrist,${glsl(BODY.upperArmM)}*bodySize,${glsl(BODY.forearmM)}*bodySize,pole);
  if(b<${glsl(BONE.arm + 1.5)}){
    vec3 x=normalize(cross(wrist-shoulder,pole));
    limb(p,n,shoulder,elbow,wrist,x,${glsl(BODY.upperArmM)}*bodySize,${glsl(BODY.forearmM)}*bodySize,.05,vec2(mix(1.,bodyGirth,.7))*bodySize);return;}
  vec3 x=cross(thumb,way);
  p=wrist+x*p.x-way*p.y+thumb*p.z;n=x*n.x-way*n.y+thumb*n.z;}
`

export const RIDER_GLSL = `
${ROW_GLSL}
attribute vec3 morph; attribute vec2 bone;
${POSE_GLSL}${BODY_GLSL}
void pose(inout vec3 p,inout vec3 n){
  float b=bone.x;
  if(${isBone(BONE.card)}){
    // Turned to the eye: as wide as a rider seen from there; far away never smaller than a dot.
    vec3 eye=cameraPosition-rd0.xyz;float far=length(eye);vec2 e=normalize(eye.xz);
    float along=abs(dot(e,rd1.xy));vec2 right=vec2(e.y,-e.x);float nose=dot(right,rd1.xy);
    float wide=p.x*along+p.z*nose;
    float grow=max(1.,far*${glsl(1 / 620)});
    p=vec3(right.x*wide,p.y,right.y*wide)*grow+rd0.xyz;
    n=normalize(vec3(e.x,.9,e.y));return;}
  readPose();
  p+=morph*(b<${glsl(BONE.torso - 0.5)}?rd8.w:rd8.z);
  // From behind one's own lamp no light is seen.
  if(rd9.y>.5&&abs(bone.y-${glsl(TINT.lampFront)})<.5)p=vec3(0,.3,0);
  if(b<${glsl(BONE.torso - 0.5)}){
    if(${isBone(BONE.frontWheel, BONE.rearWheel)}){
      mat2 m=turned(-rd4.x);p.yz=m*p.yz;n.yz=m*n.yz;p+=b<1.5?${at(0, BIKE.frontHub)}:${at(0, BIKE.rearHub)};
    }else if(${isBone(BONE.saddle)}){p.yz+=(rd8.x-1.)*vec2(.8,-.16);
    }else if(${isBone(BONE.crank, BONE.pedal + 1)}){
      float a=rd0.w+(mod(b,2.)>.5?3.14159265:0.);vec3 bb=${at(0, BIKE.bottomBracket)};
      if(b<${glsl(BONE.crank + 1.5)}){mat2 m=turned(-a);p.yz=m*p.yz;n.yz=m*n.yz;p+=bb;}
      else{float tip=ankleAt(a)*(mod(b,2.)>.5?1.-pD.w:1.);p=dipped(p,tip);n=dipped(n,tip);p.yz+=bb.yz+${glsl(BIKE.crankM)}*vec2(cos(a),sin(a));}
    }else if(${isBone(BONE.plate)}){if(mod(rd7.w,10000.)<.5)p=${at(0, [0.93, -0.2])};
    }else if(${isBone(BONE.bottle)}){
      vec3 sip=drink();
      if(sip.z>.5){
        // In the hand: what stood along the cage's axis now stands along the hand's thumb, and tips to the mouth.
        readBody(sip);vec3 way,thumb,grip=gripOf(-1.,sip,way,thumb);
        vec3 from=${vec(0, ...BIKE.bottleAxis)},f0=vec3(0,-from.z,from.y);
        vec3 q=p-${at(0, BIKE.bottle)};
        vec3 to=normalize(mix(tilted(from,bikeTilt()),normalize(headward(vec3(.06,-.1,-1.))),sip.y));
        vec3 x=normalize(vec3(1,0,0)-to*to.x),f=cross(x,to);
        vec3 hold=grip-mix(${at(0, [0.02, 0.01])},to*.03,sip.y);
        p=hold+x*q.x+to*dot(q,from)+f*dot(q,f0);n=x*n.x+to*dot(n,from)+f*dot(n,f0);
        toRoad(p,n);return;}
    }
    float tilt=bikeTilt();p=tilted(p,tilt);n=tilted(n,tilt);
  }else{
    if(${isBone(BONE.hair)}&&mod(rd7.z,2.)<.5)p=vec3(0,.08,-.06);
    if(rd9.y>.5&&${isBone(BONE.torso, BONE.hair)})p=vec3(0,.3,0);
    else bodyPart(b,p,n);
  }
  toRoad(p,n);}
`
