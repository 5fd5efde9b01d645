import { DoubleSide, FrontSide, MeshLambertMaterial } from 'three'
import { airy, NOISE_GLSL, type Air } from './materials.ts'

export function leafMaterial(air: Air, isNear: boolean): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ vertexColors: true, side: isNear ? DoubleSide : FrontSide })
  return airy(material, air, isNear ? 'leaf-near' : 'leaf-far', [
    { stage: 'vertex', chunk: 'common', code: 'varying vec3 vLeaf;' },
    {
      stage: 'vertex',
      chunk: 'begin_vertex',
      code: `vLeaf=position+vec3(instanceMatrix[3].x,0.,instanceMatrix[3].z)*.37;
        float phase=instanceMatrix[3][0]*.07+instanceMatrix[3][2]*.05;
        transformed.xz+=vec2(.045,.03)*max(position.y-1.,0.)*.6*sin(airTimeS*1.2+phase+position.y*.35);`,
    },
    // Foliage has no back: its normals point out of the crown from whichever side a leaf is seen.
    {
      stage: 'fragment',
      chunk: 'normal_fragment_begin',
      code: 'vec3 normal=normalize(vNormal); vec3 nonPerturbedNormal=normal;',
      isReplacing: true,
    },
    { stage: 'fragment', chunk: 'common', code: `varying vec3 vLeaf; ${NOISE_GLSL}` },
    {
      stage: 'fragment',
      chunk: 'color_fragment',
      code: `{
        float blotch=noise2(vLeaf.xy*1.9+vLeaf.z*1.3)+.6*noise2(vLeaf.zy*4.7+vLeaf.x*3.1);
        diffuseColor.rgb*=.55+.62*blotch;
        ${isNear ? 'float fringe=noise2(vLeaf.xy*6.5+vLeaf.z*5.)*.5+noise2(vLeaf.zy*13.+vLeaf.x*9.)*.5; vec3 face=normalize(vNormal); float rim=abs(dot(face,normalize(vFromEye))); if(vColor.r>.02&&rim<.34&&fringe>.35+rim)discard;' : ''}
      }`,
    },
    {
      stage: 'fragment',
      chunk: 'lights_fragment_end',
      // Leaves let light through: against the sun a crown glows at its edge instead of going black.
      code: `{float through=max(dot(normalize(vFromEye),airSunView),0.);
        float wrap=max(.0,.55-dot(normal,airSunView))*.5;
        totalEmissiveRadiance+=diffuseColor.rgb*airSunColor*(.5*through*through*through+.22*wrap);}`,
    },
  ])
}
