/**
 * Names of browsers and of the language that three.js, client/view or client/audio have too: they never become short
 * (client/lean-names.ts). A test finds those that are missing.
 */
export const HOST_NAMES: ReadonlySet<string> = new Set(
  `
  COMPRESSED_RGBA_ASTC_10x10_KHR COMPRESSED_RGBA_ASTC_10x5_KHR COMPRESSED_RGBA_ASTC_10x6_KHR
  COMPRESSED_RGBA_ASTC_10x8_KHR COMPRESSED_RGBA_ASTC_12x10_KHR COMPRESSED_RGBA_ASTC_12x12_KHR
  COMPRESSED_RGBA_ASTC_4x4_KHR COMPRESSED_RGBA_ASTC_5x4_KHR COMPRESSED_RGBA_ASTC_5x5_KHR
  COMPRESSED_RGBA_ASTC_6x5_KHR COMPRESSED_RGBA_ASTC_6x6_KHR COMPRESSED_RGBA_ASTC_8x5_KHR
  COMPRESSED_RGBA_ASTC_8x6_KHR COMPRESSED_RGBA_ASTC_8x8_KHR COMPRESSED_SRGB8_ALPHA8_ASTC_10x10_KHR
  COMPRESSED_SRGB8_ALPHA8_ASTC_10x5_KHR COMPRESSED_SRGB8_ALPHA8_ASTC_10x6_KHR COMPRESSED_SRGB8_ALPHA8_ASTC_10x8_KHR
  COMPRESSED_SRGB8_ALPHA8_ASTC_12x10_KHR COMPRESSED_SRGB8_ALPHA8_ASTC_12x12_KHR COMPRESSED_SRGB8_ALPHA8_ASTC_4x4_KHR
  COMPRESSED_SRGB8_ALPHA8_ASTC_5x4_KHR COMPRESSED_SRGB8_ALPHA8_ASTC_5x5_KHR COMPRESSED_SRGB8_ALPHA8_ASTC_6x5_KHR
  COMPRESSED_SRGB8_ALPHA8_ASTC_6x6_KHR COMPRESSED_SRGB8_ALPHA8_ASTC_8x5_KHR COMPRESSED_SRGB8_ALPHA8_ASTC_8x6_KHR
  COMPRESSED_SRGB8_ALPHA8_ASTC_8x8_KHR Float32Array Float64Array Int16Array Int32Array Int8Array Uint16Array
  Uint32Array Uint8Array Uint8ClampedArray activeTexture addEventListener angle antialias appendChild apply aspect
  assign atan2 attachShader axes beginPath beginTransformFeedback bias bind bindAttribLocation bindBuffer
  bindBufferBase bindFramebuffer bindRenderbuffer bindTexture bindVertexArray blendColor blendEquation
  blendEquationSeparate blendEquationSeparateiOES blendFunc blendFuncSeparate blendFuncSeparateiOES blitFramebuffer
  bottom bufferData bufferSubData buffers byteLength byteOffset cache call cancelAnimationFrame
  cancelVideoFrameCallback catch charAt charCodeAt children clearBufferfi clearBufferfv clearBufferiv clearBufferuiv
  clearColor clearDepth clearStencil clientHeight clientWaitSync clientWidth clip closePath closed colorMask colorSpace columns compile
  compileShader complete compressedTexImage2D compressedTexImage3D compressedTexSubImage2D compressedTexSubImage3D
  concat configurable connect constant constructor copyBufferToTexture copyTexSubImage2D copyTexSubImage3D
  copyTextureToBuffer copyTextureToTexture copyWithin createAttribute createBiquadFilter createBuffer
  createBufferSource createComputePipeline createDynamicsCompressor createFramebuffer createGain createOscillator
  createPanner createProgram createQuery createRenderPipeline createRenderbuffer createShader createTexture
  createVertexArray cullFace currentIndex currentTime debug defineProperties defineProperty delete deleteBuffer
  deleteFramebuffer deleteProgram deleteQuery deleteRenderbuffer deleteShader deleteSync deleteTexture
  deleteVertexArray delta depthFunc depthMask deref destination destroy disable disableVertexAttribArray disconnect
  dispatchEvent display displayHeight displayWidth distanceModel drawArrays drawArraysInstanced drawBuffers
  drawElements drawElementsInstanced drawImage drawingBufferColorSpace elapsedTime elements enable
  enableVertexAttribArray endTransformFeedback entries enumerable equals evaluate exec exponentialRampToValueAtTime
  extensions failIfMajorPerformanceCaveat fenceSync fill fillRect fillStyle fillText find findIndex findLast
  firstVertex flags flatMap flipY flush focus font forEach framebufferRenderbuffer framebufferTexture2D
  framebufferTextureLayer frames frequency fromEntries frontFace fround gain generateMipmap getActiveAttrib
  getActiveUniform getAttribLocation getAttribute getBufferSubData getChannelData getContext getContextAttributes
  getError getExtension getImageData getItem getParameter getProgramInfoLog getProgramParameter getQueryParameter
  getShaderInfoLog getShaderParameter getShaderPrecisionFormat getShaderSource getSize getSupportedExtensions
  getUniformBlockIndex getUniformLocation groups hasAttribute hasFeature hidden hypot images imul includes
  indexCount indexOf indices indirectOffset init instanceCount invalidateFramebuffer invert isArray isEnabled
  isFinite isInteger isNaN isTexture isView iterator join keys lastIndex latencyHint levels lineTo lineWidth
  linearRampToValueAtTime linkProgram list loop loseContext magFilter mask maxAnisotropy measureText memory metadata
  minFilter moveTo multiDrawArraysWEBGL multiDrawElementsWEBGL multiply naturalHeight naturalWidth negate node
  offsetX offsetY open options originY panningModel parameters params parent parentNode parse percent pipeline
  pixelStorei pixels play playbackRate polygonOffset port1 port2 positionX positionZ postMessage power
  powerPreference prefix premultiply premultiplyAlpha preserveDrawingBuffer preventDefault print priority program
  properties prototype push ratio readBuffer readPixels readyState reduceRight refDistance removeEventListener
  renderbufferStorage renderbufferStorageMultisample repeat replace replaceAll requestAnimationFrame reset resize
  restore restoreContext resume reverse rolloffFactor sampleRate save scheduler scissor setItem setPosition
  setTargetAtTime setValueAtTime setViewport settings shaderSource sort splice split startTime startsWith state
  static statusMessage stencilFunc stencilMask stencilOp stencilWriteMask stop storage stretch stride stringify
  stroke strokeRect strokeStyle subarray suspend table take terminate texImage2D texImage3D texParameterf
  texParameteri texStorage2D texStorage3D texSubImage2D texSubImage3D textAlign textBaseline throw toArray toFixed
  toLowerCase toReversed toSorted toString toUpperCase toggle transfer transformFeedbackVaryings transparent
  traverse trunc uniform1f uniform1fv uniform1i uniform1iv uniform1ui uniform1uiv uniform2f uniform2fv uniform2i
  uniform2iv uniform2ui uniform2uiv uniform3f uniform3fv uniform3i uniform3iv uniform3ui uniform3uiv uniform4f
  uniform4fv uniform4i uniform4iv uniform4ui uniform4uiv uniformBlockBinding uniformMatrix2fv uniformMatrix3fv
  uniformMatrix4fv union unpackColorSpace unregister unshift upload usage useProgram userAgent vertexAttrib1fv
  vertexAttrib2fv vertexAttrib3fv vertexAttrib4fv vertexAttribDivisor vertexAttribIPointer vertexAttribPointer
  vertexCount videoHeight videoWidth viewport width willReadFrequently xrCompatible yield zoom`
    .trim()
    .split(/\s+/),
)
