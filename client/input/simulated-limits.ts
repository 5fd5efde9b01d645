/** The ends of the sliders; apart, so that the page before a ride loads no trainer. */
export const SIMULATED_POWER_MAX_W = 800
export const SIMULATED_CADENCE_MAX_RPM = 130
