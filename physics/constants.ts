/** Standard gravity, m/s² (CGPM 1901; ISO 80000-3). */
export const GRAVITY_MPS2 = 9.80665
/** Share of the rider's power that reaches the wheel (Martin et al. 1998, Ec). */
export const DRIVETRAIN_EFFICIENCY = 0.976
/** Moment of inertia of both wheels, kg·m² (Martin et al. 1998). */
const WHEEL_INERTIA_KGM2 = 0.14
/** Rolling radius, m (Martin et al. 1998). */
export const WHEEL_RADIUS_M = 0.311
/** Mass the wheels add by turning, kg: I / r². */
export const WHEEL_INERTIA_KG = WHEEL_INERTIA_KGM2 / (WHEEL_RADIUS_M * WHEEL_RADIUS_M)
/** Drag area of turning wheels, m² (Martin et al. 1998, Fw). */
export const WHEEL_DRAG_AREA_M2 = 0.0044
/** Bearings: N, and N per m/s (Martin et al. 1998: P = v (91 + 8.7 v) 10⁻³). */
export const BEARING_N = 0.091
export const BEARING_NSPM = 0.0087
/**
 * What the side of rider and bicycle offers to the wind over what the front does, μ in CdA(β) = CdA (cos²β + μ sin²β)
 * (O. Isvan, Power Management for Lightweight Vehicles; docs/physics.md, "Yaw").
 */
export const SIDE_DRAG_RATIO = 1.2
/** Air at sea level and 15 °C, kg/m³ (ISO 2533). */
export const AIR_DENSITY_KGPM3 = 1.225
/** The tyre cannot push harder than this from standstill, N; also keeps P/v finite. */
export const DRIVE_MAX_N = 450
/** Names the equations of motion. A journal written under another version is not replayed. */
export const PHYSICS_VERSION = 'g3'
