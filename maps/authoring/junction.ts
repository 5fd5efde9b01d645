/** A place where roads meet. Its height and its plane come from the world's plan, or from the first road that runs through it. */
export interface Junction {
  readonly id: string
  readonly name: string
  readonly x: number
  readonly y: number
  z?: number
  /** Slope of its plane towards east and north; every arm leaves in this plane. */
  tilt?: { readonly x: number; readonly y: number }
}

export function junction(id: string, name: string, x: number, y: number, z?: number): Junction {
  return z === undefined ? { id, name, x, y } : { id, name, x, y, z }
}
