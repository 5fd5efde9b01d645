/**
 * What we ask of @stoprocent/noble 2.8, written down here: the package is optional, needs a compiler on some systems, and
 * the house must build without it. Names and answers are the package's own.
 */
export interface Noble {
  readonly state: string
  waitForPoweredOnAsync(timeoutMs: number): Promise<void>
  startScanningAsync(serviceUuids: readonly string[], allowDuplicates: boolean): Promise<void>
  stopScanningAsync(): Promise<void>
  /** Without having been discovered: by the id that the system gave on another day. */
  connectAsync(id: string): Promise<NoblePeripheral>
  cancelConnect(id: string): void
  reset(): void
  on(event: 'discover', listener: (peripheral: NoblePeripheral) => void): void
  on(event: 'stateChange', listener: (state: string) => void): void
  removeListener(event: 'discover', listener: (peripheral: NoblePeripheral) => void): void
  removeListener(event: 'stateChange', listener: (state: string) => void): void
  stop(): void
}

export interface NoblePeripheral {
  readonly id: string
  readonly state: string
  readonly advertisement?: { readonly localName?: string; readonly serviceUuids?: readonly string[] }
  connectAsync(): Promise<void>
  cancelConnect(): void
  disconnectAsync(): Promise<void>
  once(event: 'disconnect', listener: () => void): void
  discoverAllServicesAndCharacteristicsAsync(): Promise<{ readonly services: readonly NobleService[] }>
}

export interface NobleService {
  readonly uuid: string
  readonly characteristics: readonly NobleCharacteristic[]
}

export interface NobleCharacteristic {
  readonly uuid: string
  readonly properties: readonly string[]
  readAsync(): Promise<Uint8Array>
  writeAsync(bytes: Buffer, isWithoutResponse: boolean): Promise<void>
  subscribeAsync(): Promise<void>
  on(event: 'data', listener: (data: Uint8Array) => void): void
  removeAllListeners(event: 'data'): void
}
