export const G_MPS2 = 9.80665
/** 28-622 on the rear wheel; direct-drive trainers are told the same. */
export const WHEEL_CIRCUMFERENCE_M = 2.105
export const RAD_PER_REVOLUTION = 6.283185307179586
export const RPM_TO_RADPS = RAD_PER_REVOLUTION / 60
/** 50 × 17: about 9.3 m/s at 90 rpm. */
export const GEAR_RATIO = 2.94
