/**
 * What verdicts depend on besides the settings: part of every job's id, so that takes are judged anew when the gate changes.
 */
export const GATE_VERSION = {
  /** Counts up when a check or the fingerprint changes. */
  rules: 1,
  /** SHA-256 of the judge's weights, as models/foley-judge/judge.json has it. */
  judge: 'dd54ebae2a5f59ae65f4e6184803139c6207a835e75e3ae4f8faea5183dc87cd',
} as const;
