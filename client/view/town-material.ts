import { DoubleSide, MeshLambertMaterial, type Texture } from 'three'
import { FADE_STEP_M } from './mason.ts'
import { airy, GALLERY_GLSL, NOISE_GLSL, type Air } from './materials.ts'
import type { Quality } from './view-types.ts'

/** Everything that `mason.ts` lays, dressed by its style: façades with windows, tiles, bricks, boards, cloth in the wind. */
export function townMaterial(air: Air): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ vertexColors: true, shadowSide: DoubleSide })
  return airy(material, air, 'town', [
    { stage: 'vertex', chunk: 'common', code: 'attribute vec4 look; varying vec4 vLook; varying vec3 vAt,vOut;' },
    {
      stage: 'vertex',
      chunk: 'begin_vertex',
      code: `vLook=look; vAt=position; vOut=normal;
        if(abs(look.x-11.)<.5){vec2 wind=windAt(position.xz); float blow=min(length(wind)/7.,1.2);
          float wave=sin(airTimeS*(3.+blow*4.)-look.y*4.2+position.x*.7+position.z*.9);
          // Round its pole it points where the wind goes.
          vec2 own=vec2(normal.z,-normal.x)*look.z, to=normalize(mix(own,wind/max(length(wind),.01),smoothstep(.3,1.5,length(wind)))+1e-4);
          transformed.xz+=(to-own)*look.y*1.7; vNormal=normalMatrix*(look.z*vec3(-to.y,0.,to.x));
          transformed.y+=look.y*look.y*(.05*wave*blow-.22*(1.-min(blow,1.)));
          transformed.xz+=(.16*wave*blow)*look.y*vec2(-to.y,to.x);}`,
    },
    { stage: 'vertex', chunk: 'color_vertex', code: 'vColor.rgb=color.rgb*color.rgb;' },
    {
      stage: 'fragment',
      chunk: 'common',
      code: `varying vec4 vLook; varying vec3 vAt,vOut; vec3 townGlow=vec3(0.); float townRoofed=0.; ${NOISE_GLSL}
        float box2(vec2 p,vec2 c,vec2 h,float w){vec2 d=abs(p-c)-h;return 1.-smoothstep(-w,w,max(d.x,d.y));}`,
    },
    {
      stage: 'fragment',
      chunk: 'color_fragment',
      code: `{
        float seen=length(vFromEye), gone=vColor.a*${255 * FADE_STEP_M}.; if(vColor.a<.99&&seen>gone*(.8+.2*fract(52.98*fract(dot(gl_FragCoord.xy,vec2(.06711,.00584))))))discard;
        float near=1.-smoothstep(18.,90.,seen), mid=1.-smoothstep(140.,420.,seen);
        int style=int(vLook.x+.5); vec2 uv=vLook.yz; vec3 c=diffuseColor.rgb;
        vec2 flatAt=abs(vOut.y)>.7?vAt.xz:vec2(abs(vOut.x)>abs(vOut.z)?vAt.z:vAt.x,vAt.y);
        float dirt=.9+.2*noise2(flatAt*.9)+.12*(noise2(flatAt*5.)-.5)*near;
        if(style==1&&uv.y<.07){
          vec2 b=flatAt*vec2(1.6,3.2); b.x+=.5*mod(floor(b.y),2.); vec2 fb=abs(fract(b)-.5); c=vec3(.3,.28,.25)*dirt*(.8+.4*hash2(floor(b)))*(1.-.4*max(smoothstep(.42,.49,fb.x),smoothstep(.38,.48,fb.y))*near);
        }else if(style==1){
          c*=dirt;
          if(c.r>c.b*2.){vec2 b=flatAt*vec2(4.2,12.5); b.x+=.5*mod(floor(b.y),2.); vec2 fb=abs(fract(b)-.5); c*=mix(1.,mix(.8+.4*hash2(floor(b)),1.3,max(smoothstep(.44,.48,fb.x),smoothstep(.38,.46,fb.y))*.7),near);}
          float lot=fract(vLook.w); int kind=int(vLook.w); vec2 cell=floor(uv), f=fract(uv); float w=clamp(max(fwidth(uv.x),fwidth(uv.y)),.004,.35);
          float ground=step(uv.y,1.); float r=hash2(cell+vec2(floor(lot*977.),floor(lot*3571.))); float quiet=1.;
          vec2 mid2=vec2(.5,.53), half2=vec2(.2,.27); vec3 frame=mix(vec3(.8,.77,.7),vec3(.2,.14,.09),step(.72,lot));
          if(kind==2)half2=vec2(.18,.33); if(kind==3){half2=vec2(.16,.36);} if(kind==5){half2=vec2(.19,.22);frame=vec3(.5,.3,.15);}
          if(kind==4&&ground>.5)quiet=0.; if(kind==4)half2=vec2(.14,.14);
          bool isShop=kind==1&&ground>.5; bool isDoor=ground>.5&&cell.x==floor(lot*2.99)&&kind!=3&&kind!=4;
          // Quoins, a string course at each storey, a plinth.
          if(kind<4){float upper=step(1.,uv.y)*mid, course=step(.35,fract(lot*5.3));
            c=mix(c,frame*.92,.6*course*upper*box2(vec2(.5,f.y),vec2(.5,.03),vec2(1.,.028),w)); c*=1.-.22*course*upper*box2(vec2(.5,f.y),vec2(.5,-.01),vec2(1.,.016),w);
            c*=(.84+.16*smoothstep(0.,.22,uv.y))*(1.-.16*near*smoothstep(.5,.9,noise2(vec2(uv.x*7.,uv.y*.6)+lot*60.)));
            // A gutter's pipe comes down where the house ends.
            c=mix(c,vec3(.035,.037,.04)*(1.+2.*step(.94,fract(uv.y*2.))),.9*near*box2(uv,vec2(.06,5.),vec2(.02,9.),w)*step(fract(lot*31.),.7));}
          if(isShop){
            float fascia=box2(f,vec2(.5,.87),vec2(.6,.09),w); vec3 sign=.5+.5*cos(6.28*(lot*3.+vec3(.02,.3,.52))); sign=mix(sign*sign*.16+.01,vec3(.02,.03,.035),step(.6,fract(lot*13.)));
            float pane=box2(f,vec2(.5,.42),vec2(.44,.32),w); float leaf=box2(f,vec2(.5,.42),vec2(.015,.32),w);
            vec3 wares=mix(vec3(.06,.055,.05),vec3(.22,.17,.12)*(.4+hash2(floor(uv*vec2(7.,9.))+floor(lot*60.))),near*.6*step(f.y,.45)*step(.35,hash2(floor(uv*vec2(7.,9.)))));
            c=mix(c,sign*.8+.02,1.-step(.96,f.y)); c=mix(c,wares,pane*(1.-leaf)); c=mix(c,sign,fascia);
            c=mix(c,vec3(.8,.75,.6),fascia*box2(f,vec2(.5,.87),vec2(.3,.03),w)*step(.3,r)*near*.8);
            airShelter=1.; townGlow+=vec3(1.,.72,.4)*.55*pane*(1.-leaf)*airNight*step(.3,fract(lot*5.));
            float glint=pow(1.-abs(dot(normalize(vFromEye),normalize(vNormal))),3.); c+=airCool*.25*pane*(.2+.8*glint);
          }else if(isDoor){
            vec3 paint=.5+.5*cos(6.28*(lot*11.+vec3(0.,.3,.55))); paint=mix(paint*paint*.17,vec3(.085,.07,.058),.55)*(1.-.3*(box2(f,vec2(.5,.5),vec2(.12,.1),w)-box2(f,vec2(.5,.5),vec2(.1,.085),w)+box2(f,vec2(.5,.19),vec2(.12,.13),w)-box2(f,vec2(.5,.19),vec2(.1,.115),w))*near);
            c=mix(c,vec3(.72,.7,.64),box2(f,vec2(.5,.37),vec2(.24,.38),w)); c=mix(c,paint,box2(f,vec2(.5,.33),vec2(.18,.34),w));
            c=mix(c,vec3(.03,.04,.05),box2(f,vec2(.5,.68),vec2(.17,.04),w)); townGlow+=vec3(1.,.75,.45)*.8*airNight*box2(f,vec2(.5,.68),vec2(.17,.04),w);
          }else if(quiet>.5){
            float arch=kind==3?step(length(max(vec2(abs(f.x-.5),(f.y-.68)*.45),0.)),.16):1.;
            float border=box2(f,mid2,half2+vec2(.035,.025),w); float glass=box2(f,mid2,half2,w)*arch;
            float bars=max(box2(f,mid2,vec2(.012,half2.y),w),box2(f,mid2+vec2(0.,half2.y*.2),vec2(half2.x,.012),w))*(kind==2?1.:1.)*near;
            float sill=box2(f,vec2(.5,mid2.y-half2.y-.045),vec2(half2.x+.07,.022),w);
            float under=box2(f,vec2(.5,mid2.y-half2.y-.1),vec2(half2.x+.05,.035),w);
            c*=1.-.25*under*mid; c=mix(c,frame,max(border,sill)*mix(.6,1.,mid));
            if(kind<3){float head=box2(f,vec2(.5,mid2.y+half2.y+.055),vec2(half2.x+.06,.03),w)*mid; c=mix(c,frame*.86,head*.8);
              // Geraniums, on every fourth sill.
              float flowers=step(.74,r)*step(1.,uv.y)*mid*box2(f,vec2(.5,mid2.y-half2.y-.015+.03*noise2(uv*40.)),vec2(half2.x+.02,.04),w);
              c=mix(c,mix(vec3(.05,.11,.02),mix(vec3(.5,.02,.03),vec3(.55,.12,.3),step(.5,fract(lot*9.))),step(.52,noise2(uv*vec2(60.,44.)))),flowers);}
            if((kind==0||kind==5)&&fract(lot*17.)>.35){vec3 shut=.5+.5*cos(6.28*(fract(lot*3.7)*.5+vec3(.1,.4,.62)));shut=mix(shut*shut*.35,vec3(.1,.16,.13),.5);
              float leafs=box2(vec2(abs(f.x-.5),f.y),vec2(half2.x+.11,mid2.y),vec2(.075,half2.y),w); c=mix(c,shut*(.85+.3*step(.5,fract(f.y*22.))*near),leafs);}
            float lit=step(hash2(cell*3.+vec2(floor(lot*613.),5.)),.42); float curtain=smoothstep(.5,.9,hash2(cell+9.))*.5;
            vec3 pane=mix(vec3(.045,.055,.07),vec3(.2,.19,.17),curtain*step(.5,abs(f.x-.5)/half2.x)); pane*=1.-.5*smoothstep(mid2.y+half2.y*.5,mid2.y+half2.y,f.y);
            float glint=pow(1.-abs(dot(normalize(vFromEye),normalize(vNormal))),2.); pane+=airCool*(.05+.3*glint)*(.5+.5*r);
            glass*=1.-bars; c=mix(c,pane,glass); airShelter=glass;
            townGlow+=vec3(1.,.68+.15*r,.32+.25*r)*glass*airNight*lit*(.45+.5*r);
          }
        }else if(style==2||style==3){
          float rows=style==2?3.3:4.4; vec2 t=uv*vec2(style==2?4.4:3.2,rows); t.x+=.5*mod(floor(t.y),2.); vec2 ft=fract(t);
          float tile=.86+.24*hash2(floor(t)); float lip=1.-.4*smoothstep(.78,1.,ft.y)-(style==2?.22*smoothstep(.3,.5,abs(ft.x-.5)):.12*smoothstep(.45,.5,abs(ft.x-.5)));
          c*=mix(1.,tile*lip,near)*(.82+.36*noise2(uv*.7)); c=mix(c,vec3(.09,.11,.05),.35*smoothstep(.62,.8,noise2(uv*.35+7.)));
        }else if(style==4||style==18){
          vec2 b=flatAt*vec2(4.2,12.5); b.x+=.5*mod(floor(b.y),2.); vec2 fb=abs(fract(b)-.5); float mortar=max(smoothstep(.44,.48,fb.x),smoothstep(.38,.46,fb.y));
          c*=mix(1.,mix(.8+.4*hash2(floor(b)),1.35,mortar*.7),near)*dirt;
        }else if(style==5){
          vec2 b=flatAt*vec2(2.3,4.3)+.3*noise2(flatAt*2.6); b.x+=.37*floor(b.y); vec2 fb=abs(fract(b)-.5); float joint=max(smoothstep(.42,.49,fb.x),smoothstep(.4,.48,fb.y));
          c*=mix(1.,(.78+.44*hash2(floor(b)))*(1.-.45*joint),mix(.15,1.,near))*dirt; c=mix(c,c*vec3(.8,.86,.68),.5*smoothstep(.55,.75,noise2(flatAt*.6)));
        }else if(style==6){
          float plank=uv.y*5.; c*=mix(1.,(.82+.3*hash2(vec2(floor(plank),floor(uv.x*.3))))*(1.-.45*smoothstep(.42,.5,abs(fract(plank)-.5))),near)*(.85+.3*noise2(flatAt*vec2(1.,6.)));
        }else if(style==7){townGlow+=c*airNight*2.4; c=mix(c,vec3(.8,.78,.7),.4); airShelter=1.;
        }else if(style==8){c*=.65+.7*noise2(vAt.xz*3.)*mid+.2*noise2(flatAt*14.)*near;
        }else if(style==9){c*=.9+.2*noise2(flatAt*2.); float shine=pow(max(0.,1.-abs(dot(normalize(vFromEye),normalize(vNormal)))),2.); c+=airCool*.18*shine; airShelter=.6;
        }else if(style==10||style==17){vec2 b=flatAt*vec2(.33,.42); vec2 fb=abs(fract(b)-.5); c*=dirt*(1.-.18*max(smoothstep(.48,.5,fb.x),smoothstep(.48,.5,fb.y))*mid); c*=1.-.2*smoothstep(.5,.9,noise2(flatAt*vec2(1.3,.15)));
        }else if(style==11){airShelter=1.;
        }else if(style==12){townGlow+=c*airNight*.8; c=mix(c*.15,airCool*.5,.25); airShelter=1.;
        }else if(style==13){if(c.r>c.g*1.15)c=mix(c*1.25,vec3(.035,.085,.02),smoothstep(.42,.58,noise2(flatAt*vec2(9.,11.)))*mix(.5,1.,near)); c*=.55+.8*noise2(flatAt*3.5)*noise2(flatAt*9.+3.)+.25*noise2(vAt.xz*1.2);
        }else if(style==16){c=mix(c,vec3(.78,.75,.68),step(.5,fract(uv.x*.72)));airShelter=.3;
        }else if(style==14){townGlow+=c*.85; airShelter=1.;
        }else if(style==15){vec2 b=vAt.xz*vec2(5.,6.4); b.x+=.5*mod(floor(b.y),2.); vec2 fb=abs(fract(b)-.5); c*=mix(1.,(.75+.5*hash2(floor(b)))*(1.-.5*smoothstep(.38,.48,max(fb.x,fb.y))),near)*(.85+.3*noise2(vAt.xz*.4)); airGloss=.4;
        }else c*=mix(1.,dirt,.5);
        townRoofed=style==17||style==18?1.:0.; if(townRoofed>.5)airShelter=1.;
        diffuseColor.rgb=c;
      }`,
    },
    {
      stage: 'fragment',
      chunk: 'lights_fragment_end',
      code: `${GALLERY_GLSL('townRoofed')}totalEmissiveRadiance+=townGlow;`,
    },
  ])
}

/** Printed boards and banners; `wave` says how freely the wind moves them. */
export function boardMaterial(air: Air, _quality: Quality, map: Texture | null = null): MeshLambertMaterial {
  return airy(new MeshLambertMaterial({ map }), air, 'town-boards', BOARD_EDITS)
}

/** What is painted on the asphalt: lies on it without a gap. */
export function paintMaterial(air: Air, _quality: Quality, map: Texture | null = null): MeshLambertMaterial {
  const material = new MeshLambertMaterial({
    map,
    transparent: true,
    depthWrite: false,
    polygonOffset: true,
    polygonOffsetFactor: -3,
    polygonOffsetUnits: -6,
  })
  return airy(material, air, 'town-paint', [
    { stage: 'vertex', chunk: 'common', code: 'varying vec2 vGround;' },
    { stage: 'vertex', chunk: 'begin_vertex', code: 'vGround=position.xz;' },
    { stage: 'fragment', chunk: 'common', code: `varying vec2 vGround; ${NOISE_GLSL}` },
    {
      stage: 'fragment',
      chunk: 'color_fragment',
      code: 'diffuseColor.a*=.55+.45*smoothstep(.28,.6,noise2(vGround*7.)+.25*noise2(vGround*31.)); airGloss=1.;',
    },
  ])
}

const BOARD_EDITS = [
  { stage: 'vertex', chunk: 'common', code: 'attribute float wave;' },
  {
    stage: 'vertex',
    chunk: 'begin_vertex',
    code: `if(wave>0.){vec2 wind=windAt(position.xz); float blow=min(length(wind)/8.,1.);
      float s=sin(airTimeS*(2.2+3.*blow)-wave*3.+position.x*.6+position.z*.6);
      transformed+=normal*(s*.14*blow*wave);}`,
  },
  { stage: 'fragment', chunk: 'lights_fragment_end', code: 'totalEmissiveRadiance+=diffuseColor.rgb*airNight*.22; ' },
  { stage: 'fragment', chunk: 'color_fragment', code: 'airShelter=1.;' },
] as const
