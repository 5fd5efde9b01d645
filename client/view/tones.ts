import { CustomToneMapping, ShaderChunk, type WebGLRenderer } from 'three'

/** AgX keeps highlights from burning but greys the meadows: its colours are drawn apart again. */
const PLAIN_TONES = /vec3 CustomToneMapping\(\s*vec3 color\s*\)\s*\{\s*return color;\s*\}/
const OUR_TONES = `vec3 CustomToneMapping(vec3 color){
  vec3 c=AgXToneMapping(color); float grey=dot(c,vec3(.2126,.7152,.0722));
  c=mix(vec3(grey),c,1.28); return clamp(mix(c,c*c*(3.-2.*c),.42),0.,1.);}`

/** Before its first program is made. */
export function drawInOurTones(renderer: WebGLRenderer): void {
  ShaderChunk.tonemapping_pars_fragment = ShaderChunk.tonemapping_pars_fragment.replace(PLAIN_TONES, OUR_TONES)
  renderer.toneMapping = CustomToneMapping
  renderer.toneMappingExposure = 1.28
}
