import * as z from 'zod';

/**
 * A mapping with a short form for the usual case: `expand` turns what was written shortly into the mapping, whose
 * defaults then apply.
 */
export function shorthand<Long extends z.ZodObject, Short extends z.ZodType>(
  long: Long,
  short: Short,
  expand: (value: z.output<Short>) => z.input<Long>,
) {
  return z.union([
    short.transform((value): z.output<Long> => long.parse(expand(value)) as z.output<Long>),
    long,
  ]);
}
