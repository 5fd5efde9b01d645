import { MeshLambertMaterial } from 'three'
import { parcelGlsl } from './fields.ts'
import { groundGlsl, vec } from './ground-glsl.ts'
import type { LandFacts } from './land-part.ts'
import { airy, NOISE_GLSL, type Air } from './materials.ts'
import { STREETSIDE_M } from './terrain.ts'
import type { Quality } from './view-types.ts'

const PAVEMENT_M = 2.5

/*
 * What the shader does, in its order:
 * - Grass: tussocks near, drifts of another green farther off.
 * - The floor of a wood seen from afar is its crowns.
 * - Heath: clumps of it, in bloom here and there.
 * - Meadows in flower: drifts of dots, which from afar are a colour.
 * - Blades, where the foot of the eye is.
 * - Rock shows its layers, cracks and lichen; stones lie where it thins out.
 * - What never melts: fields of old snow, and ice that is blue where it breaks. Fresh snow is the air's.
 */
/** Ground: crops, heath, forest floor, rock with its layers, and snow, by what its vertices say and noise for the rest. */
export function groundMaterial(
  air: Air,
  { look, iceFromM, seaLevelM }: LandFacts,
  quality: Quality,
): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ vertexColors: true })
  const isPlain = quality === 'test'
  const isSea = look.water.foam > 0 && seaLevelM !== undefined
  return airy(
    material,
    air,
    `ground-${look.name}${isPlain ? '-plain' : ''}${isSea ? '-sea' : ''}-${iceFromM.toFixed(0)}`,
    [
      {
        stage: 'vertex',
        chunk: 'common',
        code: 'attribute vec4 mark; varying vec4 vMark; varying vec3 vPlace; varying vec3 vUp;',
      },
      { stage: 'vertex', chunk: 'begin_vertex', code: 'vMark=mark; vPlace=position; vUp=normal;' },
      {
        stage: 'fragment',
        chunk: 'common',
        code: `varying vec4 vMark; varying vec3 vPlace; varying vec3 vUp; ${NOISE_GLSL}
        ${parcelGlsl(look.fields)} ${groundGlsl(look)} float landBump=0.; vec2 landRelief=vec2(0.);`,
      },
      {
        stage: 'fragment',
        chunk: 'color_fragment',
        code: `{
        float seen=length(vFromEye); vec2 p=vPlace.xz; vec3 up=normalize(vUp);
        float near=1.-smoothstep(25.,120.,seen), mid=1.-smoothstep(250.,1300.,seen);
        float far=1.-smoothstep(900.,3600.,seen);
        float n1=mix(.5,noise2(p*.13),far), n2=noise2(p*.021), n3=noise2(p*.85), n4=noise2(p*4.3);
        float n5=noise2(p*.0052+3.), n6=mix(.5,noise2(p*.34+17.),mid), n7=noise2(p.yx*2.1+5.);
        vec3 c=diffuseColor.rgb; float wood=vMark.y, rock=vMark.z, moor=max(vMark.w,0.), town=smoothstep(.5,.9,-vMark.w);
        vec4 crop=parcel(town>0.?p*4.6:p); float open=smoothstep(.3,.7,vMark.x)*(1.-town), field=crop.a*open;
        float wild=(1.-wood)*(1.-rock)*(1.-field);
        c=mix(c,${vec(look.ground.dry)},.7*wild*smoothstep(.5,.72,n5*.6+n1*.25+n6*.15));
        c*=1.-(1.-vec3(.5,.6,.56))*wild*smoothstep(.5,.68,n2*.55+n1*.3+n6*.15)*(1.-.5*town);
        c=mix(c,crop.rgb,field*.9);
        // Behind the houses: lawns, beds dug over, and what grows along the fences.
        float plot=town*step(-.001,vMark.x), kind=fract(parcelTone*97.), furrow=.55+.9*smoothstep(.3,.7,fract(dot(p,vec2(.51,.86))*.9));
        c*=mix(vec3(1.),mix(vec3(.62,.7,.6),vec3(1.5,1.35,1.15),fract(parcelTone*13.)),plot);
        c=mix(c,kind<.13?vec3(.3,.27,.22):vec3(.17,.125,.062)*furrow,plot*crop.a*step(kind,.34)*(kind<.13?.6:.75));
        c*=1.-.7*plot*smoothstep(6.5,3.5,parcelEdge+2.*n6)*(1.-.5*n3);
        c*=mix(1.,.74+.52*parcelTone,open*(1.-crop.a));
        float g=(n4-.5)*.55*near+(n3-.5)*.5*mid+(n1-.5)*.42+(n2-.5)*.4+(n5-.5)*.3;
        c*=1.+.72*g*(1.-.5*field); c*=1.+(.75*(n7-.5)+.6*(n4-.5))*near*(1.-rock)*(1.-.5*field);
        // Tussocks: pale where they are dry, dark between.
        float tuft=smoothstep(.36,.64,n6*.25+mix(.5,n3,mid)*.4+mix(.5,n7*.6+n4*.4,near)*.35);
        c*=mix(vec3(1.),mix(vec3(.74,.78,.8),vec3(1.22,1.16,1.02),tuft),max(wild,.6*wood)*mid*(.65-.35*town));
        c=mix(c,vec3(.15,.1,.05)*(.5+n3),.32*wood*smoothstep(.4,.65,n2*.4+n6*.25+n3*.35)*mid);
        c=mix(c,${vec(look.ground.sand)}*(.55+.3*n3),.75*parcelTrack*open*(1.-wood));
        c*=1.-.5*open*smoothstep(2.6,.6,parcelEdge)*(1.-.4*n3);
        float crowns=noise2(p*.17)*.6+noise2(p*.41+5.)*.4;
        c=mix(c,${vec(look.ground.wood)}*(.45+1.35*crowns),wood*smoothstep(260.,900.,seen)*.9);
        float clump=smoothstep(.42,.62,noise2(p*1.7)*.6+noise2(p*.37)*.4);
        c=mix(c,mix(mix(c,${vec(look.ground.dry)},.5),c*1.12,clump),moor*.5*mid);
        float drift=smoothstep(.5,.72,noise2(p*.017+31.)*.7+n1*.3)*wild*(1.-.8*moor)*step(0.,vMark.x)*smoothstep(.8,.92,up.y);
        vec2 q0=p*6.3+vec2(n4,n3); float dots=step(.9,hash2(floor(q0)))*smoothstep(.4,.2,length(fract(q0)-.5));
        c=mix(c,${vec(look.ground.bloom)}*1.5,drift*dots*near*(1.-smoothstep(12.,36.,seen))*.7);
        c=mix(c,${vec(look.ground.bloom)},drift*.34*smoothstep(12.,70.,seen));
        float blades=noise2(p*vec2(23.,17.)+n4*3.)*.5+noise2(p*vec2(41.,33.))*.5;
        c*=1.+.7*(blades-.5)*(1.-smoothstep(8.,34.,seen))*(1.-rock)*step(-.001,vMark.x);
        float line=${iceFromM.toFixed(1)}+150.*(n2-.5)+60.*(n1-.5)+90.*(n5-.5);
        float bare=max(smoothstep(.15,.6,rock),smoothstep(line-150.,line,vPlace.y)); vec3 cut=up;
        if(bare>.01){vec3 r=relief(p,seen)*bare; landRelief=r.xy*smoothstep(1.,.9,up.y); cut=normalize(up-vec3(landRelief.x,0.,landRelief.y));}
        float scatter=smoothstep(.2,.75,rock+1.1*(up.y-cut.y)+.45*(n3-.5)*mid+.5*(n1-.5));
        vec3 stone=c; if(bare+scatter>.01)stone=stoneAt(vPlace,seen);
        stone=mix(stone,${vec(look.ground.dry)},.3*smoothstep(.5,.8,n3*mid+cut.y-.75));
        // Scree: stones of every size between turf and rock.
        c*=mix(1.,.5+mix(.5,.6*noise3(vPlace*vec3(.7,1.1,.7))+.4*n7,mid),smoothstep(.08,.4,rock));
        c=mix(c,stone,scatter);
        landBump=mix(.25+.5*wood,1.,scatter);
        ${
          isSea
            ? `float over=vPlace.y-${seaLevelM.toFixed(2)};
        // The tide's wet line and its kelp, and the last of each wave running up.
        float wet=1.-smoothstep(.5,1.5,over+.5*(n3-.5)); c*=1.-.42*wet;
        float kelp=smoothstep(.55,.7,noise2(p*vec2(.5,.9)))*smoothstep(.2,.7,over)*(1.-smoothstep(1.1,1.9,over));
        c=mix(c,vec3(.09,.065,.025),.8*kelp);
        float run=.42+.3*sin(airTimeS*.55+n1*9.+dot(p,vec2(.013,.009)));
        float foam=smoothstep(run+.25,run-.02,over)*mix(.16,1.,smoothstep(run-.3,run-.05,over))*smoothstep(.35,.62,n3+.25*n4);
        c=mix(c,vec3(.86,.9,.92),foam*.85);`
            : ''
        }
        float snow=smoothstep(line-10.,line+45.,vPlace.y)*smoothstep(.72,.84,cut.y+.25*(n1-.5)+.1*(n3-.5)*mid);
        float breaks=smoothstep(.62,.8,n5+.3*(n2-.5))*smoothstep(.98,.86,up.y);
        c=mix(c,mix(vec3(.84,.89,.97)*(.94+.1*n1),vec3(.34,.56,.68)*(.7+.6*n6),breaks),snow); landBump*=1.-.75*snow;
        float beyond=${STREETSIDE_M}.*(1.+vMark.x), inTown=step(vMark.x,-.001);
        float paved=inTown*(1.-smoothstep(${PAVEMENT_M},${PAVEMENT_M}+.02+fwidth(beyond),beyond));
        vec2 slab=abs(fract(p*.62)-.5); float joint=smoothstep(.47,.49,max(slab.x,slab.y))*near;
        float rim=inTown*paved*smoothstep(${PAVEMENT_M}-.22,${PAVEMENT_M}-.16,beyond);
        c=mix(c,vec3(.235,.225,.205)*(1.+.35*(noise2(p*7.)-.5)*near+.2*(noise2(p*.3)-.5)-.3*joint+.25*rim),paved);
        landBump*=1.-paved;
        diffuseColor.rgb=c;
      }`,
      },
      ...(isPlain
        ? []
        : [
            {
              stage: 'fragment' as const,
              chunk: 'normal_fragment_maps',
              code: `{ float seen=length(vFromEye); vec2 p=vPlace.xz+vPlace.y*vec2(.31,.47);
          vec2 g=(1.-smoothstep(60.,400.,seen))*.44*slopeNoise(p*.35).yz+(1.-smoothstep(900.,3500.,seen))*.6*slopeNoise(p*.045).yz+.48*vMark.z*slopeNoise(p*.008).yz;
          g=g*landBump+landRelief;
          normal=normalize(normal+mat3(viewMatrix)*vec3(-g.x,0.,-g.y));}`,
            },
          ]),
    ],
  )
}
