import { DoubleSide, MeshLambertMaterial } from 'three'
import { airy, NOISE_GLSL, type Air } from './materials.ts'

export function houseMaterial(air: Air): MeshLambertMaterial {
  // Roofs are sheets: either side of them throws a shadow.
  const material = new MeshLambertMaterial({ vertexColors: true, shadowSide: DoubleSide })
  return airy(material, air, 'house', [
    { stage: 'vertex', chunk: 'common', code: 'attribute float wall; varying vec3 vBrick;' },
    {
      stage: 'vertex',
      chunk: 'color_vertex',
      code: 'if(wall<.5)vColor.rgb=color; vBrick=position;',
    },
    { stage: 'fragment', chunk: 'common', code: `varying vec3 vBrick; ${NOISE_GLSL}` },
    {
      stage: 'fragment',
      chunk: 'color_fragment',
      // Weather on the plaster, courses of tiles on the roof.
      code: `{
        float near=1.-smoothstep(25.,120.,length(vFromEye));
        float stain=noise2(vBrick.xy*1.1+vBrick.z)*.5+noise2(vBrick.zy*3.3)*.3;
        float tiles=diffuseColor.r>diffuseColor.b*2.4?.82+.3*step(.25,fract(vBrick.y*3.6))*(.6+.8*noise2(floor(vBrick.xy*vec2(3.,3.6)))):1.;
        diffuseColor.rgb*=mix(1.,tiles,near)*(.84+.3*stain)*mix(.72,1.,smoothstep(-.3,1.4,vBrick.y));
      }`,
    },
  ])
}
