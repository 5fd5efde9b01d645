import { MeshLambertMaterial } from 'three'
import { airy, type Air } from './materials.ts'

/** People who hop and sway where they stand. */
export function crowdMaterial(air: Air): MeshLambertMaterial {
  return airy(new MeshLambertMaterial({ vertexColors: true }), air, 'crowd', [
    {
      stage: 'vertex',
      chunk: 'begin_vertex',
      code: `{float q=instanceMatrix[3][0]*3.1+instanceMatrix[3][2]*5.3; float keen=fract(q*.37);
        float hop=max(0.,sin(airTimeS*(3.+keen)+q))*step(.45,keen);
        transformed.y+=.1*hop; transformed.x+=.04*sin(airTimeS*2.+q)*max(position.y-.8,0.);}`,
    },
    // Only what is white is dyed: the shirt.
    {
      stage: 'vertex',
      chunk: 'color_vertex',
      code: 'if(color.r<.97||color.b<.97)vColor.rgb=color*(.7+.6*fract(instanceColor.r*7.3+instanceColor.g*3.1));',
    },
  ])
}
