import { MeshLambertMaterial } from 'three'
import { airy, type Air } from './materials.ts'

/** People: limbs turned by pose and time in the vertex shader, dyed by three lots. */
export function crowdMaterial(air: Air): MeshLambertMaterial {
  return airy(new MeshLambertMaterial(), air, 'crowd', [
    {
      stage: 'vertex',
      chunk: 'common',
      code: `attribute vec2 limb; varying vec3 vDye; varying vec4 vFace;
        vec3 turnX(vec3 p,vec3 c,float a){p-=c;float s=sin(a),k=cos(a);return c+vec3(p.x,k*p.y-s*p.z,s*p.y+k*p.z);}
        vec3 turnZ(vec3 p,vec3 c,float a){p-=c;float s=sin(a),k=cos(a);return c+vec3(k*p.x-s*p.y,s*p.x+k*p.y,p.z);}
        vec3 hue3(float h){return clamp(abs(fract(h+vec3(0.,.667,.333))*6.-3.)-1.,0.,1.);}`,
    },
    {
      stage: 'vertex',
      chunk: 'begin_vertex',
      code: `{
        vFace=vec4(position,step(limb.y,.5)*step(limb.x,.5)); vec3 lot=instanceColor; int pose=int(lot.y*6.); int part=int(limb.x+.5);
        float q=instanceMatrix[3][0]*3.1+instanceMatrix[3][2]*5.3; float t=airTimeS*(2.2+1.6*fract(q*.37))+q*7.; float beat=sin(t*2.);
        vec3 left=vec3(-.235,1.42,0.), right=vec3(.235,1.42,0.), hip=vec3(0.,.86,0.); float hop=0.;
        // In the rain half of them stand under umbrellas, in coats and hoods of one colour.
        bool hasRain=airRain>.15, isUnder=hasRain&&pose<3&&fract(lot.x*53.)<.5; if(isUnder)pose=0;
        if(part==5&&pose!=4)transformed=right; if(part==6&&!isUnder)transformed=vec3(0.,1.65,0.);
        // Elbows first, then shoulders.
        if((part==1||part==2)&&position.y<1.17){float fold=pose==1?1.7:pose==2?.55:pose==3?.4:pose==4?0.:pose==5?.7:isUnder&&part==2?1.9:.2;
          transformed=turnX(transformed,vec3(part==1?left.x:right.x,1.17,0.),-fold);
          if(pose==1)transformed.x+=(part==1?1.:-1.)*(.17+.06*beat)*(1.17-position.y)/.37;}
        if(pose==0){if(part==1)transformed=turnZ(transformed,left,-.12); if(part==2)transformed=turnZ(transformed,right,.12);}
        if(pose==1){if(part==1)transformed=turnX(transformed,left,-.5); if(part==2)transformed=turnX(transformed,right,-.5);}
        if(pose==2){if(part==2)transformed=turnZ(turnX(transformed,right,-2.7),right,.35*beat);if(part==1)transformed=turnZ(transformed,left,-.15);}
        if(pose==3){hop=max(0.,sin(t*1.5))*.13; if(part==1)transformed=turnZ(turnX(transformed,left,-2.75),left,.25+.2*beat); if(part==2)transformed=turnZ(turnX(transformed,right,-2.75),right,-.25-.2*beat);}
        if(pose==4){if(part==2||part==5)transformed=turnZ(turnX(transformed,right,-2.3+.25*beat),right,.3*sin(t)); if(limb.y>3.5)transformed.z+=.08*sin(t*3.+position.x*9.)*(position.x-.2);}
        if(pose==5){if(part>=3&&part<5)transformed=turnX(transformed,vec3(transformed.x,.86,0.),-1.35); if(part==1)transformed=turnX(transformed,left,-.7); if(part==2)transformed=turnX(transformed,right,-.7); hop=-.68;}
        transformed.y+=hop; transformed.x+=.025*sin(t)*max(transformed.y-.9,0.);
        float s=lot.x; vec3 shirt=mix(hue3(s*7.13),vec3(.62),.4+.4*fract(s*3.7)); shirt*=shirt*(.3+.6*fract(s*11.)); if(fract(s*17.)<.22)shirt=vec3(.7,.69,.66)*(.15+.85*step(.5,fract(s*29.)));
        vec3 legs=mix(vec3(.02,.03,.06),vec3(.16,.14,.11),fract(s*23.)); vec3 skin=mix(vec3(.56,.36,.27),vec3(.11,.058,.036),lot.z*lot.z);
        vec3 hair=mix(vec3(.015,.012,.01),vec3(.3,.19,.07),fract(lot.z*9.)*fract(lot.z*9.)); if(hasRain){shirt=mix(shirt,vec3(.3,.24,.03),step(.7,fract(s*37.)))*.8;hair=shirt;}else if(fract(s*41.)<.3)hair=shirt.brg*.8+.05;
        int dye=int(limb.y+.5); vDye=dye==0?skin:dye==1?shirt:dye==2?legs:dye==3?hair:part==6&&fract(s*61.)<.5?vec3(.02,.022,.03):hue3(floor(s*31.)*.21)*hue3(floor(s*31.)*.21)*(part==6?.3:.55)+.06;
      }`,
    },
    { stage: 'fragment', chunk: 'common', code: 'varying vec3 vDye; varying vec4 vFace;' },
    {
      stage: 'fragment',
      chunk: 'color_fragment',
      // Eyes, brows, the shade of a nose, a mouth: on the front of heads, gone where they would be a pixel.
      code: `diffuseColor.rgb=vDye; airShelter=1.; float fineM=fwidth(vFace.y);
        if(vFace.w>.5&&vFace.y>1.5&&vFace.z>.03){vec2 p=vec2(abs(vFace.x),vFace.y);
          float feature=.85*(1.-smoothstep(.8,1.2,length((p-vec2(.038,1.628))/vec2(.013,.009))))
            +.55*step(abs(p.x-.04),.021)*step(abs(p.y-1.652-.1*(.04-p.x)),.0045)
            +.3*step(p.x,.012)*step(abs(p.y-1.593),.008)+.6*step(p.x,.026)*step(abs(p.y-1.563),.005);
          diffuseColor.rgb*=1.-min(feature,.85)*(1.-smoothstep(.008,.022,fineM));
          diffuseColor.rgb*=mix(vec3(1.),vec3(1.12,.86,.82),.5*(1.-smoothstep(.01,.03,length(p-vec2(.055,1.592)))));}`,
    },
  ])
}
