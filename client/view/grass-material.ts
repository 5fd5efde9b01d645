import { DoubleSide, MeshLambertMaterial } from 'three'
import { airy, type Air } from './materials.ts'

/** Lit as the ground it stands on, whichever side of a blade is seen; against the sun it glows. */
export function grassMaterial(air: Air): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ vertexColors: true, side: DoubleSide })
  return airy(material, air, 'grass', [
    {
      stage: 'vertex',
      chunk: 'begin_vertex',
      code: `{vec2 root=instanceMatrix[3].xz; float seen=distance(root,cameraPosition.xz);
        transformed*=1.-smoothstep(85.,135.,seen);
        vec2 wind=windAt(root); float blow=length(wind);
        float shiver=(sin(airTimeS*3.7+root.x*1.3+root.y*.9)+.5*sin(airTimeS*6.1+root.y*1.7))*(.02+.012*blow);
        transformed.xz+=(wind*.045+vec2(.9,.5)*shiver)*position.y*position.y*2.;}`,
    },
    {
      stage: 'fragment',
      chunk: 'normal_fragment_begin',
      code: 'vec3 normal=normalize(vNormal); vec3 nonPerturbedNormal=normal;',
      isReplacing: true,
    },
    {
      stage: 'fragment',
      chunk: 'lights_fragment_end',
      code: `{float through=max(dot(normalize(vFromEye),airSunView),0.);
        totalEmissiveRadiance+=diffuseColor.rgb*airSunColor*(.12+.9*through*through*through);}`,
    },
  ])
}
