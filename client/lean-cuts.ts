/**
 * What of three.js a ride never draws with: data for client/lean-three.ts, which leaves it out when the page is built.
 * Whoever turns one of these on is told by a class that throws, by a program that is refused, or by a method that is not
 * there; each name that is no part of three.js any more fails the build.
 */

export const OUT = 'is left out: client/lean-cuts.ts'

export interface Stub {
  /** What must be in the file that is replaced, or it is not what we think. */
  readonly names: readonly string[]
  readonly code: string
}

/** Files in whose place others stand. Things that three.js asks of a part on every frame are answered as when it is not in use. */
export const STUBS: Readonly<Record<string, Stub>> = {
  'renderers/shaders/ShaderLib.js': {
    names: [
      'const ShaderLib = {',
      'lambert: {',
      'depth: {',
      'UniformsLib.specularmap',
      'meshlambert_vert',
      'depth_frag',
    ],
    code: `import { ShaderChunk } from './ShaderChunk.js'
      import { mergeUniforms } from './UniformsUtils.js'
      import { UniformsLib } from './UniformsLib.js'
      import { Color } from '../../math/Color.js'
      export const ShaderLib = {
        lambert: { uniforms: mergeUniforms([UniformsLib.common, UniformsLib.lights, { emissive: { value: new Color(0) } }]),
          vertexShader: ShaderChunk.meshlambert_vert, fragmentShader: ShaderChunk.meshlambert_frag },
        depth: { uniforms: mergeUniforms([UniformsLib.common]),
          vertexShader: ShaderChunk.depth_vert, fragmentShader: ShaderChunk.depth_frag } }`,
  },
  'renderers/shaders/UniformsLib.js': {
    names: [
      'common: {',
      'lights: {',
      'directionalLightShadows: { value: []',
      'directionalShadowMatrix: { value: []',
      'hemisphereLights: { value: []',
    ],
    code: `import { Color } from '../../math/Color.js'
      import { Matrix3 } from '../../math/Matrix3.js'
      export const UniformsLib = {
        common: { diffuse: { value: new Color(0xffffff) }, opacity: { value: 1 }, map: { value: null },
          mapTransform: { value: new Matrix3() }, alphaTest: { value: 0 } },
        lights: { ambientLightColor: { value: [] },
          directionalLights: { value: [], properties: { direction: {}, color: {} } },
          directionalLightShadows: { value: [], properties: { shadowIntensity: 1, shadowBias: {}, shadowNormalBias: {},
            shadowRadius: {}, shadowMapSize: {} } },
          directionalShadowMatrix: { value: [] },
          hemisphereLights: { value: [], properties: { direction: {}, skyColor: {}, groundColor: {} } } } }`,
  },
  'renderers/webxr/WebXRManager.js': {
    names: ['class WebXRManager', 'isPresenting', 'setAnimationLoop', 'hasDepthSensing'],
    code: `import { EventDispatcher } from '../../core/EventDispatcher.js'
      export class WebXRManager extends EventDispatcher { setAnimationLoop(){} dispose(){} }`,
  },
  'renderers/webgl/WebGLEnvironments.js': {
    names: ['function WebGLEnvironments', 'get: get', 'dispose: dispose'],
    code: `export function WebGLEnvironments(){ return { dispose(){} } }`,
  },
  'renderers/webgl/WebGLOutput.js': {
    names: ['WebGLOutput', 'setEffects', 'isCompositing'],
    code: `export class WebGLOutput { constructor(){ throw new Error('WebGLOutput ${OUT}') } }`,
  },
  'renderers/webgl/WebGLMorphtargets.js': {
    names: ['function WebGLMorphtargets', 'update: update'],
    code: `export function WebGLMorphtargets(){ return { update(){ throw new Error('morphing ${OUT}') } } }`,
  },
  'renderers/webgl/WebGLUniformsGroups.js': {
    names: ['function WebGLUniformsGroups', 'bind: bind', 'update: update', 'dispose: dispose'],
    code: `const out=()=>{ throw new Error('UniformsGroup ${OUT}') }
      export function WebGLUniformsGroups(){ return { bind: out, update: out, dispose(){} } }`,
  },
  'renderers/webgl/WebGLClipping.js': {
    names: ['function WebGLClipping', 'this.init = ', 'this.numPlanes = 0', 'this.numIntersection = 0', 'uniform = {'],
    code: `export function WebGLClipping(){
      this.uniform={value:null,needsUpdate:false}; this.numPlanes=this.numIntersection=0
      this.init=(planes,isLocal)=>{ if(planes.length||isLocal) throw new Error('clipping ${OUT}'); return false }
    }`,
  },
  'renderers/webgl/WebGLBackground.js': {
    names: [
      'function WebGLBackground( renderer, environments, state, objects, alpha, premultipliedAlpha )',
      'dispose:',
    ],
    code: `export function WebGLBackground(renderer, environments, state, objects, alpha, premultipliedAlpha){
      const {color,depth}=state.buffers
      return { addToRenderList(){}, dispose(){}, render(scene){
        if(scene.background) throw new Error('background ${OUT}')
        color.setClear(0,0,0,alpha===true?0:1,premultipliedAlpha)
        if(renderer.autoClear){ depth.setTest(true); depth.setMask(true); color.setMask(true)
          renderer.clear(renderer.autoClearColor, renderer.autoClearDepth, renderer.autoClearStencil) }
      } }
    }`,
  },
  'renderers/webgl/WebGLUtils.js': {
    names: [
      'function WebGLUtils( gl, extensions )',
      'convert: convert',
      'if ( p === RedIntegerFormat ) return gl.RED_INTEGER',
    ],
    code: `import { UnsignedByteType, UnsignedShortType, UnsignedIntType, FloatType, HalfFloatType, RGBAFormat, RedFormat,
        RGFormat, RedIntegerFormat, DepthFormat } from '../../constants.js'
      export function WebGLUtils(gl){ return { convert(p){
        if(p===UnsignedByteType) return gl.UNSIGNED_BYTE
        if(p===UnsignedShortType) return gl.UNSIGNED_SHORT
        if(p===UnsignedIntType) return gl.UNSIGNED_INT
        if(p===FloatType) return gl.FLOAT
        if(p===HalfFloatType) return gl.HALF_FLOAT
        if(p===RGBAFormat) return gl.RGBA
        if(p===RedFormat) return gl.RED
        if(p===RGFormat) return gl.RG
        if(p===RedIntegerFormat) return gl.RED_INTEGER
        if(p===DepthFormat) return gl.DEPTH_COMPONENT
        throw new Error('texture kind '+p+' ${OUT}')
      } } }`,
  },
}

const words = (text: string): string[] => text.trim().split(/\s+/)

/** Kinds of things there are none of: whoever asks hears no, and whoever makes one is refused. */
export const KINDS_OUT = words(`
  isSkinnedMesh isPoints isLine isLineSegments isLineLoop isSprite isLOD isArrayCamera isNodeMaterial
  isPointLight isSpotLight isRectAreaLight isSunLight isLightProbe isLightProbeGrid isAmbientLight isPointLightShadow
  isVideoTexture isHTMLTexture isCompressedTexture isCompressedArrayTexture isCompressedCubeTexture isData3DTexture
  isDataArrayTexture isCubeTexture isPMREMTexture isExternalTexture isFramebufferTexture isXRRenderTarget
  isWebGL3DRenderTarget isWebGLArrayRenderTarget isWebGLCubeRenderTarget isGLBufferAttribute isFloat16BufferAttribute
  isMeshStandardMaterial isMeshPhongMaterial isMeshToonMaterial isMeshPhysicalMaterial isMeshMatcapMaterial isMeshNormalMaterial
  isMeshDistanceMaterial isMeshBasicMaterial isLineBasicMaterial isLineDashedMaterial isPointsMaterial isSpriteMaterial
  isShadowMaterial isRawShaderMaterial isFog isFogExp2 isWebGPURenderer`)

/** What a material may have, and ours have not. */
export const MAPS_OUT =
  words(`envMap lightMap aoMap bumpMap normalMap displacementMap emissiveMap metalnessMap roughnessMap
  specularMap specularColorMap specularIntensityMap alphaMap matcap gradientMap anisotropyMap clearcoatMap
  clearcoatNormalMap clearcoatRoughnessMap diffuseRoughnessMap iridescenceMap iridescenceThicknessMap sheenColorMap
  sheenRoughnessMap transmissionMap thicknessMap`)
export const SWITCHES_OUT = words(
  'alphaHash wireframe dithering premultipliedAlpha alphaToCoverage flatShading stencilWrite',
)
export const AMOUNTS_OUT = words(`anisotropy clearcoat diffuseRoughness dispersion retroreflectivity iridescence sheen
  transmission`)

/** Parameters of a program that follow from these, and how many there are of lights that there are none of. */
export const PARAMETERS_OUT = [
  ...MAPS_OUT,
  ...MAPS_OUT.map((name) => `${name}Uv`),
  ...words(`alphaHash dithering anisotropy clearcoat diffuseRoughness dispersion retroreflection iridescence sheen
    transmission envMapMode envMapPMREM envMapMaxLod envMapSize normalMapObjectSpace normalMapTangentSpace packedNormalMap
    instancingMorph batching batchingColor extensionMultiDraw skinning morphTargets morphNormals morphColors morphTargetsCount morphTextureStride vertexTangents
    pointsUvs fog useFog fogExp2 sizeAttenuation logarithmicDepthBuffer reversedDepthBuffer decodeVideoTexture
    decodeVideoTextureEmissive combine extensionClipCullDistance numSunLights numPointLights numSpotLights
    numSpotLightMaps numRectAreaLights numSunLightShadows numPointLightShadows numSpotLightShadows
    numSpotLightShadowsWithMaps numLightProbes numLightProbeGrids numClippingPlanes numClipIntersection vertexUv1s vertexUv2s vertexUv3s flatShading
    alphaToCoverage premultipliedAlpha`),
]

/** Names that shader code is never compiled with. */
export const DEFINES_OUT: ReadonlySet<string> = new Set(
  words(`USE_ENVMAP USE_LIGHTMAP USE_AOMAP USE_BUMPMAP USE_NORMALMAP USE_NORMALMAP_OBJECTSPACE USE_NORMALMAP_TANGENTSPACE
    USE_PACKED_NORMALMAP USE_DISPLACEMENTMAP USE_EMISSIVEMAP USE_METALNESSMAP USE_ROUGHNESSMAP USE_SPECULARMAP
    USE_SPECULAR_COLORMAP USE_SPECULAR_INTENSITYMAP USE_ALPHAMAP USE_MATCAP USE_GRADIENTMAP USE_ALPHAHASH DITHERING
    USE_ANISOTROPY USE_ANISOTROPYMAP USE_CLEARCOAT USE_CLEARCOATMAP USE_CLEARCOAT_ROUGHNESSMAP USE_CLEARCOAT_NORMALMAP
    USE_DIFFUSE_ROUGHNESS USE_DIFFUSE_ROUGHNESSMAP USE_DISPERSION USE_RETROREFLECTION USE_IRIDESCENCE USE_IRIDESCENCEMAP
    USE_IRIDESCENCE_THICKNESSMAP USE_SHEEN USE_SHEEN_COLORMAP USE_SHEEN_ROUGHNESSMAP USE_TRANSMISSION
    USE_TRANSMISSIONMAP USE_THICKNESSMAP USE_TANGENT USE_SKINNING USE_MORPHTARGETS USE_MORPHNORMALS USE_MORPHCOLORS
    USE_INSTANCING_MORPH USE_BATCHING USE_BATCHING_COLOR USE_LIGHT_PROBES USE_LOGARITHMIC_DEPTH_BUFFER USE_REVERSED_DEPTH_BUFFER USE_FOG FOG_EXP2
    USE_POINTS_UV USE_SIZEATTENUATION DECODE_VIDEO_TEXTURE DECODE_VIDEO_TEXTURE_EMISSIVE SHADOWMAP_TYPE_VSM
    SHADOWMAP_TYPE_BASIC PHYSICAL IOR USE_SPECULAR PHONG TOON USE_CLIP_DISTANCE ENVMAP_TYPE_PMREM ENVMAP_TYPE_CUBE
    ENV_WORLDPOS DISTANCE ALPHA_TO_COVERAGE PREMULTIPLIED_ALPHA FLAT_SHADED USE_UV1 USE_UV2 USE_UV3`),
)
export const COUNTS_OUT: ReadonlySet<string> = new Set(
  words(`NUM_SUN_LIGHTS NUM_POINT_LIGHTS NUM_SPOT_LIGHTS NUM_RECT_AREA_LIGHTS NUM_SUN_LIGHT_SHADOWS NUM_POINT_LIGHT_SHADOWS
    NUM_SPOT_LIGHT_SHADOWS NUM_SPOT_LIGHT_SHADOWS_WITH_MAPS NUM_SPOT_LIGHT_COORDS NUM_SPOT_LIGHT_MAPS NUM_CLIPPING_PLANES
    NUM_LIGHT_PROBE_GRIDS`),
)

/** Functions of shader code that no program of ours calls; one that does, does not compile. */
export const GLSL_OUT: ReadonlySet<string> = new Set(
  words(`LinearToneMapping ReinhardToneMapping CineonToneMapping RRTAndODTFit ACESFilmicToneMapping NeutralToneMapping
    sRGBTransferEOTF pow3 pow4 max3 average rand precisionSafeLength isPerspectiveMatrix equirectUv
    packNormalToRGB unpackRGBToNormal unpackRGBAToDepth unpackRGBToDepth unpackRGToDepth pack2HalfToRGBA
    unpackRGBATo2Half viewZToOrthographicDepth orthographicDepthToViewZ viewZToPerspectiveDepth perspectiveDepthToViewZ
    BRDF_BlinnPhong G_BlinnPhong_Implicit D_BlinnPhong getLightProbeIrradiance shGetIrradianceAt getDistanceAttenuation
    getSpotAttenuation Schlick_to_F0 LTC_Uv LTC_Evaluate LTC_ClippedSphereFormFactor LTC_EdgeVectorFormFactor
    IBLSheenBRDF EnvironmentBRDF computeSpecularOcclusion`),
)

/** Pieces of shader code of programs that there are none of. */
export const CHUNKS_OUT: ReadonlySet<string> = new Set(
  words(`default_fragment default_vertex gradientmap_pars_fragment lights_phong_fragment lights_phong_pars_fragment
    lights_toon_fragment lights_toon_pars_fragment map_particle_fragment map_particle_pars_fragment
    shadowmask_pars_fragment lights_physical_fragment lights_physical_pars_fragment roughnessmap_fragment
    roughnessmap_pars_fragment metalnessmap_fragment metalnessmap_pars_fragment clearcoat_normal_fragment_begin
    clearcoat_normal_fragment_maps clearcoat_pars_fragment iridescence_fragment iridescence_pars_fragment
    transmission_fragment transmission_pars_fragment envmap_physical_pars_fragment`),
)

/** Pieces of which nothing is left, and that our programs do not ask for. A piece of which something is left fails the build. */
export const CHUNKS_EMPTY: ReadonlySet<string> = new Set(
  words(`alphahash_fragment alphahash_pars_fragment alphamap_fragment alphamap_pars_fragment aomap_fragment
    aomap_pars_fragment batching_pars_vertex batching_vertex bumpmap_pars_fragment clipping_planes_fragment
    clipping_planes_pars_fragment clipping_planes_pars_vertex clipping_planes_vertex displacementmap_pars_vertex
    displacementmap_vertex dithering_fragment dithering_pars_fragment emissivemap_fragment emissivemap_pars_fragment
    envmap_common_pars_fragment envmap_fragment envmap_pars_fragment envmap_pars_vertex envmap_vertex fog_fragment
    fog_pars_fragment fog_pars_vertex fog_vertex lightmap_pars_fragment lightprobes_pars_fragment logdepthbuf_fragment
    logdepthbuf_pars_fragment logdepthbuf_pars_vertex logdepthbuf_vertex morphcolor_vertex morphinstance_vertex
    morphnormal_vertex morphtarget_pars_vertex morphtarget_vertex normalmap_pars_fragment skinbase_vertex
    skinning_pars_vertex skinning_vertex skinnormal_vertex specularmap_pars_fragment`),
)

/** Programs of materials that we have; `depth` is for shadows. */
export const LIBS_KEPT = new Set(['depth', 'meshlambert'])

const REFUSE = (what: string): string => `throw new Error( '${what} ${OUT}' )`

/** Words of three.js that mean something else here: by file, what is looked for and what stands there instead. */
export const CHANGES: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  'renderers/WebGLRenderer.js': [
    [/_outputBufferType !== UnsignedByteType/g, 'false'],
    [/const _frustumArray = .*/, ''],
    [/m_uniforms\.dfgLUT !== undefined/, 'false'],
    [/const _currentClearColor = .*/, ''],
    [/isIntegerFormat = INTEGER_FORMATS.*/, ''],
    [/if \( isIntegerFormat \)/, 'if ( false )'],
    [/const (INTEGER_FORMATS|UNSIGNED_TYPES) = new Set\([\s\S]*?\);/g, ''],
    [/const u?intClearColor = .*/g, ''],
    [/xr\.isPresenting( === true)?(?= \))/g, 'false'],
    [/morphAttributes\.(position|normal|color) !== undefined/g, 'false'],
    [/renderTargetProperties\.(__useDefaultFramebuffer !== undefined|__hasExternalTextures)(?= \))/g, 'false'],
    [/if \( typeof __THREE_DEVTOOLS__ [\s\S]*?\n\t\t\}/, ''],
    [/_clippingEnabled === true/g, 'false'],
    [/_nodesHandler !== null/g, 'false'],
    [/_nodesHandler && /g, 'false && '],
    [/output !== null/g, 'false'],
    [/output === null/g, 'true'],
    [/useOutput && /g, 'false && '],
    [/if \( useOutput \)/g, 'if ( false )'],
    [/xr\.enabled === true/g, 'false'],
    [/xr\.enabled === false/g, 'true'],
    [/\bscene\.(environment|fog)\b/g, 'null'],
    [/environments\.get\( [^;]*\);/g, 'null;'],
    [/capabilities\.(logarithmicDepthBuffer|reversedDepthBuffer)/g, 'false'],
    [/state\.buffers\.depth\.getReversed\(\)/g, 'false'],
    [/transmissiveObjects\.length > 0/g, 'false'],
    [/renderTarget\.samples > 0/g, 'false'],
    [/\n\t+(materialProperties\.numLightProbeGrids = |const lightProbeGridUniforms = ).*/g, ''],
    [/materialProperties\.numLightProbeGrids (!==|>) .*? \)( \))? \{/g, 'false ) {'],
    [
      /\n\t+uniforms\.(lightProbe|sunLights|sunLightShadows|spotLights|spotLightShadows|rectAreaLights|ltc_1|ltc_2|pointLights|pointLightShadows|sunShadowMatrix|sunShadowCascade|spotLightMatrix|spotLightMap|pointShadowMatrix)\.(value|needsUpdate) = .*/g,
      '',
    ],
    [/lights\.state\.(sun|spot|point)ShadowMap\.length > 0/g, 'false'],
    [/material\.clipping === true/g, 'false'],
    [/materialProperties\.batching(Color)? (===|=) .*(?=[;)])/g, 'false'],
    [/if \( object\.isBatchedMesh \) \{\s*p_uniforms/, 'if ( false ) {\n\t\t\t\tp_uniforms'],
    [/uniforms\.clippingPlanes = clipping\.uniform;/g, ''],
    [/geometry\.morphAttributes\.(position|normal|color)/g, 'undefined'],
    [/materialProperties\.numClippingPlanes !== undefined &&/, 'false &&'],
  ],
  'renderers/webgl/WebGLPrograms.js': [
    [/\bscene\.(environment|fog)\b/g, 'null'],
    [/environments\.get\( [^;]*\);/g, 'null;'],
    [/renderer\.state\.buffers\.depth\.getReversed\(\)/g, 'false'],
    [/geometry\.morphAttributes\.(position|normal|color)/g, 'undefined'],
    [/const IS_BATCHEDMESH = .*/, ''],
    [
      /\n\t+(?:MeshDistance|MeshNormal|MeshBasic|MeshPhong|MeshToon|MeshStandard|MeshPhysical|MeshMatcap|LineBasic|LineDashed|Points|Shadow|Sprite)Material: '.*/g,
      '',
    ],
    [
      /(\n\tfunction getParameters\( material, lights, shadows, scene, object, lightProbeGrids \) \{\n)/,
      `\nconst OUT='${[...MAPS_OUT, ...SWITCHES_OUT, ...AMOUNTS_OUT].join(' ')}'.split(' ')$1
        for ( const name of OUT ) if ( material[ name ] ) throw new Error( name + ' ${OUT}' )
        if ( scene[ 'environment' ] || scene[ 'fog' ] ) ${REFUSE('environment, fog')}
        if ( renderer.shadowMap.type !== PCFShadowMap ) ${REFUSE('another kind of shadow')}
      `,
    ],
    [/import \{ BackSide,/, 'import { PCFShadowMap, BackSide,'],
  ],
  'renderers/webgl/WebGLProgram.js': [
    [/string\n?\s*\.replace\( \/NUM_CLIPPING[\s\S]*?\);/, 'string;'],
    [/const numSpotLightCoords = .*/, ''],
    [/\n\t+'#ifdef USE_(UV\d|TANGENT|SKINNING|INSTANCING_MORPH)',[\s\S]*?'#endif',/g, ''],
    [/\n\t+'#define (gl_FragDepthEXT|textureCube|texture2D\w+|textureCube\w+) .*/g, ''],
    [
      /if \( renderer\.debug\.checkShaderErrors \) \{[\s\S]*?\n\t\t\}/,
      `if ( renderer.debug.checkShaderErrors && gl.getProgramParameter( program, gl.LINK_STATUS ) === false )
        error( self.name, gl.getProgramInfoLog( program ), gl.getShaderInfoLog( glVertexShader ), gl.getShaderInfoLog( glFragmentShader ) )`,
    ],
    [/\n\t+\.replace\( \/NUM_(SUN|SPOT|RECT|POINT|LIGHT)\w*\/g, [^)]*\)(;?)/g, '$2'],
  ],
  'renderers/webgl/WebGLCapabilities.js': [
    [
      /const reversedDepthBuffer = .*/,
      `if ( parameters.logarithmicDepthBuffer || parameters.reversedDepthBuffer ) ${REFUSE('another kind of depth')}
      const reversedDepthBuffer = false;`,
    ],
  ],
  'renderers/webgl/WebGLMaterials.js': [[/const envMap = materialProperties\.envMap;/, 'const envMap = null;']],
  'renderers/webgl/WebGLShadowMap.js': [
    [/\n\tconst shadowMaterialVertical = [\s\S]*?\n\tconst fullScreenMesh = .*/, ''],
    [/new MeshDistanceMaterial\(\)/, 'null'],
    [/(this\.)?\btype === VSMShadowMap/g, 'false'],
    [/this\.type === PCFShadowMap/g, 'true'],
    [/(renderer\.|_)state\.buffers\.depth\.getReversed\(\)/g, 'false'],
  ],
  'renderers/webgl/WebGLState.js': [
    [
      /\n\tfunction StencilBuffer\(\) \{[\s\S]*?\n\t\}/,
      '\n\tfunction StencilBuffer() { return { setTest() {}, setMask() {}, setClear() {}, reset() {} } }',
    ],
    [/\n\t\t\tsetReversed: function[\s\S]*?\n\t\t\t\},/, ''],
    [/if \( currentReversed \)/g, 'if ( false )'],
    [/depthBuffer\.getReversed\(\)/, 'false'],
    [/depthBuffer\.setReversed\( false \);/, ''],
    [/\n\t\tgl\.(stencil\w+|clearStencil|lineWidth|blendColor|blendEquation)\( .*/g, ''],
    [/\n\t\tcurrent(Blend(Equation|Src|Dst|Color|Alpha)\w*|PremultipledAlpha|LineWidth) = .*;/g, ''],
    [/\n\temptyTextures\[ gl\.TEXTURE_(CUBE_MAP|2D_ARRAY|3D) \] = .*/g, ''],
    [/type === gl\.TEXTURE_3D \|\| type === gl\.TEXTURE_2D_ARRAY/, 'false'],
    [/const glVersion = [\s\S]*?\n\tlet currentTextureSlot/, 'let currentTextureSlot'],
    [/\n\tconst (equationToGL|factorToGL) = \{[\s\S]*?\};/g, ''],
    [/\n\tequationToGL\[ .*/g, ''],
    [
      /\n\tfunction setBlending\([\s\S]*?\n\t\}/,
      `
      function setBlending( blending ) {
        if ( blending === currentBlending ) return
        currentBlending = blending
        if ( blending === NoBlending ) return disable( gl.BLEND )
        enable( gl.BLEND )
        if ( blending === NormalBlending ) gl.blendFuncSeparate( gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA )
        else if ( blending === AdditiveBlending ) gl.blendFuncSeparate( gl.SRC_ALPHA, gl.ONE, gl.ONE, gl.ONE )
        else ${REFUSE('another kind of blending')}
      }`,
    ],
  ],
  'renderers/webgl/WebGLTextures.js': [
    [/if \( updateRanges\.length === 0 \)/, 'if ( true )'],
    [
      /function updateTexture\( texture, image, glFormat, glType \) \{/,
      `$& if ( texture.updateRanges.length > 0 ) ${REFUSE('part of a texture')}`,
    ],
    [/const isMultipleRenderTargets = .*/g, 'const isMultipleRenderTargets = false;'],
    [/(renderTarget\.)?(texture\.)?mipmaps\.length > 0/g, 'false'],
    [
      /function uploadTexture\( textureProperties, texture, slot \) \{/,
      `$& if ( texture[ 'mipmaps' ].length > 0 ) ${REFUSE('mipmaps that are brought along')}`,
    ],
    [/(textureTarget|textureType|glTextureType) === _gl\.TEXTURE_3D \|\| \1 === _gl\.TEXTURE_2D_ARRAY/g, 'false'],
    [/\( useMultisample \)/g, '( false )'],
    [/renderTargetProperties\.__webgl(MultisampledFramebuffer|ColorRenderbuffer|DepthRenderbuffer) \)/g, 'false )'],
    [/renderTarget\.stencilBuffer\b/g, 'false'],
    [/const (multisampledRTTExt|supportsInvalidateFramebuffer|_imageDimensions) = .*/g, ''],
    [/useOffscreenCanvas = typeof OffscreenCanvas[\s\S]*?null;/, ''],
    [/\n\t+if \( glType === .*ext_texture_norm16.*/g, ''],
    [/if \( normalized \) \{/, 'if ( false ) {'],
    [/_htmlTextures\.clear\(\);/, ''],
    [/(?<!function )useMultisampledRTT\( renderTarget \)/g, 'false'],
    [/renderTarget\.samples > 0/g, 'false'],
    [
      /function setupRenderTarget\( renderTarget \) \{/,
      `$& if ( renderTarget[ 'samples' ] > 0 ) ${REFUSE('samples of a target')}`,
    ],
    [
      /let image = resizeImage\( texture\.image.*\n.*verifyColorSpace.*/,
      `if ( ! texture.isDataTexture && ! texture.isDepthTexture ) ${REFUSE('a texture that is no DataTexture')}
      let image = texture.image;`,
    ],
    [/else if \( texture\.isDataTexture \)/, 'else if ( true )'],
    [/glFormat === _gl\.(RG_INTEGER|RGB_INTEGER|RGBA_INTEGER|RGB) /g, 'false '],
  ],
  'math/Color.js': [[/const _colorKeywords = \{[\s\S]*?\};/, 'const _colorKeywords = {};']],
  'objects/Mesh.js': [[/material = new MeshBasicMaterial\(\)/, 'material']],
}

/** Functions within files: called, they refuse. */
export const FUNCTIONS_OUT: Readonly<Record<string, string>> = {
  'renderers/WebGLRenderer.js':
    'renderTransmissionPass countLightProbeGrids onXRSessionStart onXRSessionEnd getReadableState',
  'renderers/webgl/WebGLShadowMap.js': 'VSMPass',
  'renderers/webgl/WebGLTextures.js': `setTexture2DArray setTexture3D setTextureCube
    uploadCubeTexture updateVideoTexture rebindTextures updateRenderTargetMipmap updateMultisampleRenderTarget
    useMultisampledRTT`,
  'renderers/webgl/WebGLMaterials.js': `refreshUniformsLine refreshUniformsDash refreshUniformsPoints refreshUniformsSprites
    refreshUniformsStandard refreshUniformsPhong refreshUniformsToon refreshUniformsPhysical refreshUniformsMatcap refreshUniformsDistance`,
  'renderers/webgl/WebGLUniforms.js': `setValueT3D1 setValueT6 setValueT2DArray1 setValueT3DArray setValueT6Array
    setValueT2DArrayArray`,
  'renderers/webgl/WebGLState.js':
    'compressedTexImage2D compressedTexImage3D compressedTexSubImage2D compressedTexSubImage3D texStorage3D texSubImage3D texImage3D',
}

/** Methods that nobody here calls; who does, hears that there is no such function. */
export const MEMBERS_OUT: Readonly<Record<string, string>> = {
  'cameras/OrthographicCamera.js': 'setViewOffset clearViewOffset',
  'cameras/PerspectiveCamera.js':
    'setViewOffset setFocalLength getFocalLength getEffectiveFOV getViewSize clearViewOffset getFilmHeight getViewBounds',
  'core/BufferAttribute.js': 'copyAt copyArray setX setY setZ setW getComponent setComponent onUpload',
  'core/BufferGeometry.js':
    'getIndex rotateX rotateZ setIndirect getIndirect deleteAttribute clearGroups computeVertexNormals',
  'core/InterleavedBuffer.js': 'copyAt onUpload',
  'core/InterleavedBufferAttribute.js': 'setX getComponent setComponent setY setZ setW',
  'core/Layers.js': 'enableAll isEnabled',
  'core/Object3D.js':
    'attach rotateX rotateZ setRotationFromAxisAngle setRotationFromEuler setRotationFromMatrix setRotationFromQuaternion rotateOnWorldAxis translateX translateY translateZ localToWorld worldToLocal getObjectById getObjectByName getWorldPosition getWorldQuaternion getWorldScale translateOnAxis',
  'lights/Light.js': 'registerNode',
  'math/Box3.js':
    'intersectsTriangle setFromArray setFromCenterAndSize setFromObject expandByVector containsBox getBoundingSphere intersect expandByScalar',
  'math/Color.js':
    'getRGB convertSRGBToLinear convertLinearToSRGB getHexString getStyle offsetHSL addColors lerpHSL setFromVector3 copySRGBToLinear copyLinearToSRGB getHex getHSL addScalar',
  'math/Euler.js': 'setFromVector3 reorder',
  'math/MathUtils.js':
    'DEG2RAD RAD2DEG generateUUID euclideanModulo mapLinear inverseLerp damp pingpong smootherstep randInt randFloat randFloatSpread seededRandom degToRad radToDeg isPowerOfTwo ceilPowerOfTwo floorPowerOfTwo setQuaternionFromProperEuler denormalize',
  'math/Matrix3.js': 'extractBasis determinant transposeIntoArray',
  'math/Matrix4.js':
    'copyPosition setFromMatrix3 extractBasis makeRotationFromEuler determinant setPosition makeRotationAxis makeShear',
  'math/Plane.js':
    'distanceToSphere projectPoint intersectLine intersectsLine setFromCoplanarPoints setFromNormalAndCoplanarPoint',
  'math/Quaternion.js':
    'slerpFlat multiplyQuaternionsFlat setFromUnitVectors rotateTowards slerpQuaternions angleTo slerp',
  'math/Sphere.js': 'getBoundingBox',
  'math/Triangle.js':
    'setFromPointsAndIndices setFromAttributeAndIndices getArea getMidpoint getPlane closestPointToPoint',
  'math/Vector2.js':
    'setX setComponent getComponent setY subScalar divide clampScalar clampLength roundToZero manhattanLength manhattanDistanceTo lerpVectors rotateAround angleTo addScalar',
  'math/Vector3.js':
    'setX setComponent getComponent applyEuler setY setZ subScalar multiplyVectors applyAxisAngle unproject divide clampScalar clampLength roundToZero manhattanLength lerpVectors projectOnPlane manhattanDistanceTo setFromSpherical setFromCylindrical setFromMatrixScale setFromColor randomDirection projectOnVector angleTo setFromSphericalCoords setFromCylindricalCoords setFromMatrix3Column addScalar',
  'math/Vector4.js':
    'setX setComponent getComponent setY setZ setW subScalar divide setAxisAngleFromQuaternion setAxisAngleFromRotationMatrix clampScalar clampLength roundToZero manhattanLength lerpVectors addScalar',
  'objects/InstancedMesh.js': 'getColorAt getMorphAt setColorAt setMorphAt',
  'objects/Mesh.js': '_computeIntersections',
  'renderers/WebGLRenderer.js':
    'forceContextLoss forceContextRestore getPixelRatio getDrawingBufferSize getCurrentViewport getScissor setScissor getScissorTest setOpaqueSort setTransparentSort setNodesHandler setRenderTargetTextures setRenderTargetFramebuffer copyFramebufferToTexture copyTextureToTexture initRenderTarget initTexture xr readRenderTargetPixels readRenderTargetPixelsAsync setEffects getSize getViewport getClearColor setClearColor getClearAlpha setClearAlpha clearColor clearDepth clearStencil getContextAttributes setScissorTest setPixelRatio',
  'renderers/webgl/WebGLBindingStates.js': 'initAttributes enableAttribute disableUnusedAttributes',
  'renderers/webgl/WebGLCapabilities.js':
    'textureFormatReadable textureTypeReadable maxVertexTextures maxCubemapSize maxAttributes maxVertexUniforms maxVaryings maxFragmentUniforms',
  'renderers/webgl/WebGLGeometries.js': 'getWireframeAttribute',
  'renderers/webgl/WebGLMaterials.js': 'refreshFogUniforms',
  'renderers/webgl/WebGLState.js':
    'texStorage3D texSubImage3D texImage3D uniformBlockBinding setFlipSided setCullFace setLineWidth compressedTexImage2D compressedTexImage3D updateUBOMapping compressedTexSubImage2D compressedTexSubImage3D',
  'renderers/webgl/WebGLTextures.js':
    'setTexture2DArray setTexture3D setTextureCube setupFrameBufferTexture useMultisampledRTT',
  'textures/Texture.js': 'transformUv needsPMREMUpdate',
}
