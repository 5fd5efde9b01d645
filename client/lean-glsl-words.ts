/** Words of the shading language (GLSL ES 3.00 and its preprocessor): never names of ours. Used by client/lean-shader-names.ts. */
export const GLSL_WORDS: ReadonlySet<string> = new Set(
  `attribute const uniform varying layout centroid flat smooth invariant break continue do for while switch case default if
  else in out inout void bool int uint float true false discard return precision highp mediump lowp struct
  mat2 mat3 mat4 mat2x2 mat2x3 mat2x4 mat3x2 mat3x3 mat3x4 mat4x2 mat4x3 mat4x4 vec2 vec3 vec4 ivec2 ivec3 ivec4 bvec2
  bvec3 bvec4 uvec2 uvec3 uvec4 sampler2D sampler3D samplerCube sampler2DShadow samplerCubeShadow sampler2DArray
  sampler2DArrayShadow isampler2D isampler3D isamplerCube isampler2DArray usampler2D usampler3D usamplerCube usampler2DArray
  radians degrees sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh pow exp log exp2 log2 sqrt inversesqrt abs
  sign floor trunc round roundEven ceil fract mod modf min max clamp mix step smoothstep isnan isinf floatBitsToInt
  floatBitsToUint intBitsToFloat uintBitsToFloat packSnorm2x16 unpackSnorm2x16 packUnorm2x16 unpackUnorm2x16 packHalf2x16
  unpackHalf2x16 length distance dot cross normalize faceforward reflect refract matrixCompMult outerProduct transpose
  determinant inverse lessThan lessThanEqual greaterThan greaterThanEqual equal notEqual any all not textureSize texture
  textureProj textureLod textureOffset texelFetch texelFetchOffset textureProjOffset textureLodOffset textureProjLod
  textureProjLodOffset textureGrad textureGradOffset textureProjGrad textureProjGradOffset dFdx dFdy fwidth
  texture2D textureCube main location std140 shared packed row_major column_major
  define undef ifdef ifndef elif endif error pragma extension version line include defined require enable disable
  asm class union enum typedef template this resource goto inline noinline public static extern external interface long
  short double half fixed unsigned superp input output hvec2 hvec3 hvec4 dvec2 dvec3 dvec4 fvec2 fvec3 fvec4 sampler1D
  sampler2DRect sizeof cast namespace using volatile coherent restrict readonly writeonly patch sample subroutine common
  partition active filter noperspective buffer atomic_uint image2D image3D imageCube`
    .trim()
    .split(/\s+/),
)
