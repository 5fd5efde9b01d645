/** What shaders know of the air: noise, haze, wind, the shadows of clouds, snow. Uniforms are those of `Air` (materials.ts). */

/** Hash, value noise and four octaves of it, for fragment shaders. */
export const NOISE_GLSL = `
float hash2(vec2 p){ // Whole numbers in: a hash of floats would turn to streaks ten kilometres down the road.
  uvec2 u=uvec2(ivec2(p)); uint h=u.x*1597334677u^u.y*3812015801u; h=(h^(h>>15))*2246822519u; h^=h>>13; return float(h>>8)*(1./16777216.);}
float noise2(vec2 p){vec2 i=floor(p),f=fract(p);f=f*f*(3.-2.*f);
  return mix(mix(hash2(i),hash2(i+vec2(1,0)),f.x),mix(hash2(i+vec2(0,1)),hash2(i+vec2(1,1)),f.x),f.y);}
float fractal2(vec2 p){float s=0.,a=.5;for(int i=0;i<4;i++){s+=a*noise2(p);p=p*2.03+7.;a*=.5;}return s;}
`

/**
 * Haze by view direction; \`fromEye\` points from the eye, any length, in the same axes as \`sun\`. \`hazeShare\`: how much
 * of it stands between the eye and a place \`upM\` metres above the eye: thin everywhere, and in banks where it is low.
 */
export const HAZE_GLSL = `
uniform vec3 airCool,airWarm,airSunColor; uniform float airDensity; uniform vec4 airBank;
vec3 hazeColor(vec3 fromEye,vec3 sun){float s=max(dot(normalize(fromEye),sun),0.);float t=s*s*s; return mix(airCool,airWarm,.12+.75*t)+airSunColor*.24*t*t*t*t;}
float hazeShare(float seenM,float eyeY,float upM){
  float a=exp(-max(eyeY-airBank.y,0.)*airBank.z), b=exp(-max(eyeY+upM-airBank.y,0.)*airBank.z);
  float bank=abs(upM)<1.?a:(a-b)/(upM*airBank.z);
  return 1.-exp(-seenM*(airDensity+airBank.x*clamp(bank,0.,1.)));}
`

/**
 * \`windAt(place)\`: where the air goes over a place of the picture (its x and z), m/s east and south, with the very gusts
 * that riders feel: the noise of physics/wind.ts, bit for bit in its whole numbers.
 */
export const WIND_GLSL = `
uniform vec4 airWind,airGustPart; uniform ivec4 airGustCell;
uint airHash(ivec2 i,uint seed){uint h=uint(i.x)*0x9e3779b1u^uint(i.y)*0x85ebca77u^seed;
  h=(h^(h>>15))*0x2c1b3c6du; h=(h^(h>>12))*0x297a2d39u; return h^(h>>15);}
vec2 airCorner(ivec2 i,uint seed){uint h=airHash(i,seed);return vec2(float(h&0xffffu),float(h>>16));}
vec2 airGust(vec2 p,ivec2 cell,uint seed){
  vec2 f=fract(p); ivec2 i=ivec2(floor(p))+cell; f=f*f*(3.-2.*f);
  return mix(mix(airCorner(i,seed),airCorner(i+ivec2(1,0),seed),f.x),
    mix(airCorner(i+ivec2(0,1),seed),airCorner(i+ivec2(1,1),seed),f.x),f.y)/32767.5-1.;}
vec2 windAt(vec2 place){
  if(airWind.z<.01||airWind.w==0.)return airWind.xy;
  vec2 d=airWind.xy/airWind.z;
  vec2 q=vec2(dot(place,d),2.*(place.x*d.y-place.y*d.x));
  vec2 g=airWind.w*(.7*airGust(q/96.+airGustPart.xy,airGustCell.xy,0x51ed270bu)
    +.3*airGust(q/24.+airGustPart.zw,airGustCell.zw,0x2545f491u));
  float along=1.+g.x, across=.8*g.y;
  return vec2(airWind.x*along+airWind.y*across,airWind.y*along-airWind.x*across);}
`

/** Clouds are this large, m. */
export const CLOUD_M = 850

/** \`cloudShade(place, height)\`: 1 in the sun, less where a cloud stands before it. The same clouds as in the sky. */
export const CLOUD_GLSL = `
uniform vec4 airCloudShadow; uniform vec3 airSun;
float airCell(vec2 p){uvec2 u=uvec2(ivec2(p)); uint h=u.x*1597334677u^u.y*3812015801u; h=(h^(h>>15))*2246822519u; h^=h>>13; return float(h>>8)*(1./16777216.);}
float airSoft(vec2 p){vec2 i=floor(p),f=fract(p);f=f*f*(3.-2.*f);
  return mix(mix(airCell(i),airCell(i+vec2(1,0)),f.x),mix(airCell(i+vec2(0,1)),airCell(i+vec2(1,1)),f.x),f.y);}
float cloudField(vec2 p){return .5*airSoft(p)+.25*airSoft(p*2.03+7.)+.125*airSoft(p*4.12+21.2)+.06*airSoft(p*8.4+50.);}
float cloudBulk(vec2 p){return .5*airSoft(p)+.25*airSoft(p*2.03+7.);}
float cloudShade(vec2 place,float heightM){
  if(airCloudShadow.z<=0.)return 1.;
  vec2 p=(place+airSun.xz*((1400.-heightM)/max(airSun.y,.2)))/${CLOUD_M}.+airCloudShadow.xy;
  return 1.-airCloudShadow.z*smoothstep(airCloudShadow.w,airCloudShadow.w+.16,cloudBulk(p)+.1);}
`

/** \`snowShare(place, up)\`: how white the ground is; \`up\` is 1 on the flat and 0 on a wall. Patches along the line. */
export const SNOW_GLSL = `
uniform float airSnowLineM;
float snowShare(vec3 place,float up){
  float above=place.y-airSnowLineM; if(above<-60.)return 0.;
  float ragged=70.*(cloudField(place.xz/160.)-.45)+9.*(airSoft(place.xz*.7)-.5);
  return smoothstep(0.,34.,above+ragged)*smoothstep(.28,.62,up+.16*(airSoft(place.xz*.31)-.5));}
`
