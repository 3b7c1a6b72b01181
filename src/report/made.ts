/** When and where the run of a page was made. Runs of older versions do not tell when. */
export interface Made {
  /** ISO 8601, in UTC. */
  readonly begun?: string;
  /** In words. */
  readonly machine?: string;
}

/** What a file that was written at the start of a run tells of it. */
export function madeOf(told: { readonly begun?: unknown; readonly machine?: unknown }): Made {
  const { begun, machine } = told;
  return {
    ...(typeof begun === 'string' ? { begun } : {}),
    ...(typeof machine === 'string' ? { machine } : {}),
  };
}

/** `30 November 2026 · 2 cores of AMD EPYC, 24 GiB · Gimbal 0.1.0`. */
export function describeMade({ begun, machine }: Made, gimbal: string): string {
  return [formatDay(begun), machine, `Gimbal ${gimbal}`].filter(Boolean).join(' · ');
}

/** The day alone, so that reports of one run, made whole or merged of its shards, are alike. */
export function formatDay(begun: string | undefined): string | undefined {
  if (begun === undefined) return undefined;
  const date = new Date(begun);
  if (Number.isNaN(date.getTime())) return undefined;
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}
