import { UserError } from '../../errors.ts';

/** Whether files are changed, or it is only shown how they would be. */
export type FixMode = 'write' | 'dry';

/**
 * Reads `--fix` and `--fix-dry-run`.
 * @throws UserError `usage` where they do not go with each other or with what else was asked for.
 */
export function fixModeOf(
  options: Readonly<Record<string, string | boolean | undefined>>,
  fromStdin: boolean,
): FixMode | undefined {
  const [fix, dry] = [options['fix'] === true, options['fixDryRun'] === true];
  if (!fix && !dry) return undefined;
  if (fix && dry)
    throw new UserError('usage', 'fix-or-not', '--fix changes files, and --fix-dry-run none', {
      hint: 'leave out one of them',
    });
  if (options['updateBaseline'] === true)
    throw new UserError('usage', 'fix-or-known', 'what is mended and what becomes known is for two runs', {
      hint: 'run lint --fix, and then lint --update-baseline',
    });
  if (options['format'] !== undefined && (dry || fromStdin))
    throw new UserError(
      'usage',
      'one-output',
      `stdout has ${dry ? 'the diff' : 'the text'}, and no other format`,
      { hint: 'leave out --format, or run lint again for it' },
    );
  return fix ? 'write' : 'dry';
}
