import type { Marker } from '../marked-folder.ts';

/** Folders of `gimbal compare`. */
export const COMPARISON: Marker = {
  kind: 'comparison',
  format: 1,
  file: 'comparison.json',
  what: 'a comparison',
  // Version 0.1.0 wrote the figures alone.
  isUnmarked: async (names) => [...names].every((name) => /^landscape-(\d+|mean)\.svg$/.test(name)),
};
