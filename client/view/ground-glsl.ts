import type { Look } from './looks/look.ts'

/**
 * What the ground is made of, for its shader (`ground-material.ts`). All of it follows from the place: nothing is stored.
 * Finer things fade out with the distance before they would be smaller than a pixel.
 */

/** \`vec3 slopeNoise\`: the value of \`noise2\` and how it rises towards x and z. \`noise3\`: the same in space. */
const NOISES = `
vec3 slopeNoise(vec2 p){
  vec2 i=floor(p),f=fract(p),u=f*f*(3.-2.*f),du=6.*f*(1.-f);
  float a=hash2(i),b=hash2(i+vec2(1,0)),c=hash2(i+vec2(0,1)),k=a-b-c+hash2(i+1.);
  return vec3(a+(b-a)*u.x+(c-a)*u.y+k*u.x*u.y,du*vec2(b-a+k*u.y,c-a+k*u.x));}
float noise3(vec3 p){float i=floor(p.y),f=fract(p.y);f=f*f*(3.-2.*f);return mix(noise2(p.xz+i*37.),noise2(p.xz+(i+1.)*37.),f);}
`

/** Slope of the ridges and gullies for which the mesh is too coarse (rise over run towards x and z), and 0 … 1 up to a crest. */
const RELIEF = `
vec3 relief(vec2 p,float seen){
  vec3 sum=vec3(0.); float wave=460.,share=.5;
  p+=60.*vec2(noise2(p*.004),noise2(p*.004+31.));
  for(int i=0;i<4;i++){
    vec3 n=slopeNoise(p/wave+float(i)*7.3); float t=2.*n.x-1.;
    sum+=vec3(-sign(t)*n.yz*.85,share*(1.-abs(t)))*(1.-smoothstep(wave*30.,wave*110.,seen));
    wave*=.41; share*=.5;
  }
  return sum;}
`

/** Rock lies in layers that dip and fold, is split by cracks from above, and weathers in blocks. */
const stone = ({ ground: { rock, rockDark }, strata }: Look): string => `
vec3 stoneAt(vec3 at,float seen){
  float fine=1.-smoothstep(40.,320.,seen), mid=1.-smoothstep(500.,4000.,seen);
  float t=at.y+.16*at.x-.09*at.z+26.*noise2(at.xz*.009)+5.*noise2(at.xz*.05);
  float layers=.55*noise2(vec2(t*.055,at.x*.002))+.45*mix(.5,noise2(vec2(t*.31,at.z*.012)),mid);
  float crack=.5*noise3(at*vec3(.06,.018,.06))+.3*mix(.5,noise3(at*vec3(.32,.09,.32)),mid)+.2*mix(.5,noise3(at*vec3(1.9,1.1,1.9)),fine);
  vec3 c=mix(${vec(rockDark)},${vec(rock)},.15+.85*smoothstep(.34,.64,mix(crack,layers,${strata.toFixed(2)}*.8)));
  return c*(.62+.72*smoothstep(.25,.7,crack));}
`

export const groundGlsl = (look: Look): string => `${NOISES}${RELIEF}${stone(look)}`

export function vec(rgb: readonly number[]): string {
  return `vec3(${rgb.map((n) => n.toFixed(3)).join(',')})`
}
