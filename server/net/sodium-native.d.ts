/** The part of sodium-native that is used here, by libsodium's names; the package brings no types. */
declare module 'sodium-native' {
  interface Sodium {
    /** Throws when lengths do not fit together. */
    crypto_aead_chacha20poly1305_ietf_encrypt(
      sealed: Uint8Array,
      body: Uint8Array,
      header: Uint8Array,
      none: null,
      nonce: Uint8Array,
      key: Uint8Array,
    ): number
    /** Throws when it is forged. */
    crypto_aead_chacha20poly1305_ietf_decrypt(
      body: Uint8Array,
      none: null,
      sealed: Uint8Array,
      header: Uint8Array,
      nonce: Uint8Array,
      key: Uint8Array,
    ): number
  }
  const sodium: Sodium
  export default sodium
}
