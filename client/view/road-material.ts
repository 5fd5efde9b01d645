import { MeshLambertMaterial } from 'three'
import { airy, GALLERY_GLSL, NOISE_GLSL, type Air } from './materials.ts'
import { ROAD_STYLES } from './road-style.ts'

/** Asphalt, cobbles and gravel with everything painted on them, in metres along and across. */
export function roadMaterial(air: Air): MeshLambertMaterial {
  // Which country's marks: the vertex says its number.
  const styles = Object.values(ROAD_STYLES)
  const pick = (of: (style: (typeof styles)[number]) => number): string =>
    styles.reduceRight(
      (rest, style, k) => (rest === '' ? of(style).toFixed(2) : `(country<${k}.5?${of(style).toFixed(2)}:${rest})`),
      '',
    )
  const edits = [
    {
      stage: 'vertex',
      chunk: 'common',
      code: 'attribute vec4 road,mark; varying vec4 vRoad,vMark; varying float vUp;',
    },
    { stage: 'vertex', chunk: 'begin_vertex', code: 'vRoad=road; vMark=mark; vUp=position.y;' },
    {
      stage: 'fragment',
      chunk: 'common',
      code: `varying vec4 vRoad,vMark; varying float vUp; ${NOISE_GLSL}
        float stripe(float x,float halfWidth){float a=fwidth(x);return 1.-smoothstep(halfWidth-a*.6,halfWidth+a*.6,abs(x));}
        float between(float x,float a,float b){float w=fwidth(x);return smoothstep(a-w*.6,a+w*.6,x)*(1.-smoothstep(b-w*.6,b+w*.6,x));}`,
    },
    {
      stage: 'fragment',
      chunk: 'color_fragment',
      code: `{
        vec2 q=vRoad.xy; float vHalf=vRoad.z, lane=abs(q.x), beyond=lane-vHalf;
        float seen=length(vFromEye); float near=1.-smoothstep(12.,55.,seen), mid=1.-smoothstep(60.,200.,seen);
        float isOpen=step(500.,vHalf); if(isOpen>.5){lane=2.6;beyond=-3.;}
        float country=floor(vMark.w*.25+.01); float lot4=vMark.w-4.*country; float kind=step(1.5,lot4); float age=clamp((lot4-2.*kind)/.9,0.,1.);
        float dashM=${pick(({ dashM }) => dashM)}, everyM=${pick(({ dashM, gapM }) => dashM + gapM)}, isBroken=${pick(({ isEdgeDashed }) => (isEdgeDashed ? 1 : 0))};
        // Young asphalt is dark and even, old grey, patched and cracked.
        float grain=(noise2(q*41.)-.5)*.34*near+(noise2(q*vec2(5.,2.))-.5)*.18*mid+(noise2(q*vec2(.7,.13))-.5)*(.12+.24*age);
        vec3 a=mix(vec3(.082,.083,.086),vec3(.165,.158,.148),age)*(1.+grain);
        float rough=clamp(1.-abs(vMark.z-1.),0.,1.), cobble=clamp(1.-abs(vMark.z-2.),0.,1.), gravel=clamp(vMark.z-2.,0.,1.);
        a*=1.+.5*rough*(noise2(q*vec2(3.,1.7))-.4);
        // Wheels polish two lanes; oil darkens between them.
        a*=1.+(.13*exp(-pow((lane-1.75)/.5,2.))-.07*exp(-pow((lane-.95)/.3,2.)))*(.5+age);
        vec2 lot=floor(q*vec2(.36,.07)+vec2(3.,age*90.)); float has=hash2(lot);
        vec2 inLot=fract(q*vec2(.36,.07)+vec2(3.,age*90.)); vec2 rim=min(inLot,1.-inLot)/vec2(.36,.07);
        float size=.15+.5*hash2(lot+7.);
        float patchIn=step(1.-.22*age,has)*step(size,rim.x)*step(size*1.6,rim.y)*step(lane,vHalf-.4);
        float seam=patchIn*(1.-smoothstep(.0,.05,min(rim.x-size,rim.y-size*1.6)))*near;
        a=mix(a,a*(.62+.5*hash2(lot+3.)),patchIn*.8)*(1.-.5*seam);
        // Cracks run across, or along a seam, straight for a hand's breadth at a time; few, and finer than a tyre.
        vec2 jag=q+.16*vec2(noise2(q*5.3+2.)+.5*noise2(q*17.),noise2(q*5.3+31.)+.5*noise2(q*17.+9.)); float across=9.+5.*hash2(vec2(floor(age*50.),7.));
        float worn=smoothstep(.46,.6,noise2(q*vec2(.31,.11)+age*40.))*smoothstep(.25,.7,age)*near;
        float c1=abs(mod(jag.y+.35*jag.x+1.1*noise2(q*vec2(.5,.2)),across)-.5*across), c2=abs(jag.x-(hash2(vec2(floor(q.y/23.),5.))-.5)*vHalf*1.5);
        float fineM=max(.008,.7*fwidth(q.x));
        float crack=max(1.-smoothstep(.3*fineM,fineM,c1),(1.-smoothstep(.3*fineM,fineM,c2))*step(.45,hash2(vec2(floor(q.y/23.),6.))));
        a*=1.-.4*crack*worn*min(1.,.012/fineM);
        vec2 sett=q*vec2(6.2,8.); sett.x+=.5*mod(floor(sett.y),2.); vec2 inSett=abs(fract(sett)-.5);
        float joint=smoothstep(.36,.48,max(inSett.x,inSett.y))*near; float tone=.72+.56*hash2(floor(sett));
        float fan=.9+.2*noise2(q*.6);
        a=mix(a,mix(vec3(.21,.195,.18),vec3(.235,.2,.17),hash2(floor(sett)+5.))*fan*mix(1.,tone,near)*(1.-.6*joint),cobble);
        // Gravel: stones near by, two tracks that wheels packed, weeds between them and where nobody rides.
        if(gravel>0.){float close=1.-smoothstep(6.,26.,seen), tracks=exp(-pow((lane-1.25)/.5,2.));
          vec2 pebble=mat2(.8,.6,-.6,.8)*q*23.+2.6*vec2(noise2(q*6.1),noise2(q*6.1+7.))+1.1*vec2(noise2(q*17.),noise2(q*17.+3.)); float one=hash2(floor(pebble)), dome=1.-smoothstep(.1,.62,length(fract(pebble)-.5));
          vec3 loose=vec3(.34,.3,.245)*(.8+.4*noise2(q*vec2(1.1,.2)))*(1.+close*((.68+.55*one*one)*(.8+.3*dome)-1.)*(1.-.7*tracks));
          loose*=1.+(noise2(q*31.)-.5)*.3*close; loose=mix(loose,vec3(.33,.285,.215)*(.88+.24*noise2(q*vec2(2.,.5))),.75*tracks);
          float weeds=smoothstep(.56,.74,noise2(q*vec2(1.4,.45))*.62+noise2(q*5.)*.38+.12*exp(-lane*lane*5.)-.32*tracks+.25*smoothstep(-.6,.1,beyond)-.06);
          a=mix(a,mix(loose,vec3(.12,.14,.045)*(.7+.6*noise2(q*19.)),weeds*.8),gravel);}
        float paved=1.-max(cobble,gravel), margin=vMark.y;
        // Lids and drains.
        vec2 lid=vec2(q.x-(hash2(vec2(floor(q.y/41.),3.))-.5)*vHalf*1.1,mod(q.y,41.)-20.); float lidR=length(lid);
        float isLid=(1.-smoothstep(.31,.33,lidR))*step(.5,margin)*step(margin,1.5)*step(.4,hash2(vec2(floor(q.y/41.),8.)));
        a=mix(a,vec3(.09,.085,.08)*(1.+.5*step(.5,fract(lid.x*9.))*near)*(1.-.5*smoothstep(.27,.29,lidR)),isLid);
        float isDrain=between(mod(q.y,24.),11.6,12.4)*between(beyond,-.5,-.14)*step(.5,margin)*step(margin,1.5);
        a=mix(a,vec3(.05)+.05*step(.5,fract(q.y*12.))*near,isDrain);
        float gutter=between(beyond,-.13,.0)*step(.5,margin); a=mix(a,vec3(.2,.195,.185)*(1.-.25*step(.94,fract(q.y*.9))*near),gutter*.8);
        // Paint: worn by wheels, thin with age.
        float wear=(.62+.38*smoothstep(.25,.6,noise2(q*vec2(9.,3.))))*(1.-.3*age);
        vec3 white=vec3(.74,.73,.69);
        float edge=stripe(beyond+.3,.06)*step(-.5,margin)*(1.-.999*step(.5,margin)*step(margin,1.5))*mix(1.,step(fract(q.y/6.),.5),isBroken);
        float dashed=clamp(vMark.x,0.,1.)*(1.-clamp(vMark.x-1.,0.,1.)), solid=clamp(vMark.x-1.,0.,1.);
        float along=mod(q.y,everyM), w=fwidth(q.y);
        float dash=stripe(q.x,.06)*mix(smoothstep(0.,w,along)*(1.-smoothstep(dashM,dashM+w,along)),dashM/everyM,smoothstep(2.,6.,w))*step(.5,dashed);
        float line2=(stripe(q.x-.11,.05)+stripe(q.x+.11,.05))*step(.5,solid);
        float paint=clamp(edge+dash+line2,0.,1.)*wear*paved*(1.-isOpen);
        a=mix(a,white,paint);
        // Studs between the dashes: at night they shine back.
        float stud=(1.-smoothstep(.035,.05,length(vec2(q.x,mod(q.y-.5*(dashM+everyM),everyM)*.5))))*step(.5,vMark.x)*paved*(1.-smoothstep(90.,160.,seen));
        a=mix(a,vec3(.5),stud*.6);
        float isLine=(1.-isOpen)*step(lane,vHalf-.02);
        float check=mod(floor(q.x*2.)+floor(vRoad.w*2.+100.),2.);
        float band=between(vRoad.w,-.25,.25), bandWide=between(vRoad.w,-2.,2.);
        vec3 chequers=mix(vec3(.8),vec3(.03),check);
        if(kind>.5){a=mix(a,chequers,bandWide*isLine*.95); a=mix(a,vec3(.62,.1,.03),(between(vRoad.w,-2.6,-2.2)+between(vRoad.w,2.2,2.6))*isLine);}
        else a=mix(a,mix(vec3(.72,.13,.05),vec3(.8),step(.34,abs(vRoad.w)*2.)),band*isLine+.0*bandWide);
        // Beyond the edge: gravel and grass, or kerbstones and slabs.
        float out1=smoothstep(-.02,.02,beyond)*(1.-isOpen);
        float town=step(.5,margin); roofed=clamp(margin-2.,0.,1.);
        vec3 verge=mix(vec3(.3,.26,.19)*(.7+.6*noise2(q*9.)),vec3(.115,.15,.045)*(.7+.6*noise2(q*3.)),smoothstep(.25,.85,beyond+.5*(noise2(q*1.3)-.5)));
        float slabU=abs(fract(q.y*1.25)-.5), slabV=abs(fract(beyond*1.6)-.5);
        float slabJoint=(step(.485,slabU)+step(.47,slabV))*near;
        vec3 slab=vec3(.27,.258,.235)*(.88+.24*hash2(floor(vec2(q.y*1.25+.5,beyond*1.6+.5))))*(1.-.35*clamp(slabJoint,0.,1.))*(1.+.3*(noise2(q*7.)-.5)*near);
        float kerb=1.-smoothstep(.24,.26,beyond); float kerbJoint=1.-.4*step(.97,fract(q.y))*near;
        slab=mix(slab,vec3(.36,.35,.33)*kerbJoint,kerb); slab*=1.-.45*(1.-smoothstep(.0,.035,beyond));
        a=mix(a,mix(verge,slab,town),out1);
        diffuseColor.rgb=a;
        airGloss=(1.-out1*(1.-town*.6))*(1.-gravel)*(1.-roofed);
        // Ploughed: wheels keep two tracks black, between them and along the edges lies what the blade left.
        float track=exp(-pow((lane-1.75)/.75,2.)); airShelter=(1.-out1)*clamp(.6+.35*track+.5*(noise2(q*vec2(1.6,.22))-.5)-.35*smoothstep(-.7,-.1,beyond)*(1.-isOpen)+.5*paint,0.,.97);
        totalStud=stud;
      }`,
    },
    {
      // Wet-look sheen at a grazing angle towards the sun: the road shines ahead at dawn.
      stage: 'fragment',
      chunk: 'lights_fragment_end',
      code: `{${GALLERY_GLSL('roofed')}vec3 e=normalize(-vFromEye); vec3 h=normalize(e+airSunView); float graze=pow(1.-max(dot(normal,e),0.),4.);
        totalEmissiveRadiance+=airSunColor*(pow(max(dot(normal,h),0.),26.)*.22*graze);
        totalEmissiveRadiance+=vec3(.9,.8,.55)*totalStud*airNight*(1.5+20.*airLamp/(4.+.01*dot(vFromEye,vFromEye)));}`,
    },
    { stage: 'fragment', chunk: 'common', code: 'float totalStud=0.,roofed=0.;' },
  ] as const
  return airy(new MeshLambertMaterial({ color: 0xffffff }), air, 'road', edits)
}
