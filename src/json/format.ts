import { z } from 'zod';

/** The value of the field `format` in files of a kind: `gimbal-result-1`. */
export function formatName(kind: string, version: number): string {
  return `gimbal-${kind}-${version}`;
}

/**
 * The field `format` of a file that Gimbal wrote. Version 0.1.0 wrote none, so a file without it is of format 0; one
 * of a newer format is refused in words that say so.
 * @param newest the format that this version writes
 */
export function formatField(kind: string, newest: number): z.ZodType<string | undefined> {
  const form = new RegExp(`^gimbal-${kind}-(\\d{1,9})$`);
  return z
    .unknown()
    .transform((given, context): string | undefined => {
      if (given === undefined) return undefined;
      const version = typeof given === 'string' ? form.exec(given)?.[1] : undefined;
      if (version !== undefined && Number(version) <= newest) return given as string;
      context.addIssue({
        code: 'custom',
        message:
          version === undefined
            ? `does not say ${formatName(kind, newest)}: it is a file of another kind`
            : `is ${given}, which a newer version of Gimbal wrote; this one reads up to ${formatName(kind, newest)}`,
      });
      return z.NEVER;
    })
    .optional();
}
