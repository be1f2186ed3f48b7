import type { Finding } from '../../src/lib/lint/engine/finding.ts';
import type { Behind } from '../../src/lib/lint/engine/rule.ts';
import { contextOf } from '../../src/lib/nginx/directives/contexts.ts';
import { lintText } from '../../src/lib/source/linting/run.ts';

/**
 * Lints a text, which may be a dump of several files. A first line such as
 * `# lint: target=1.22 behind=nlb context=server plus` says how.
 */
export function lintFixture(
  text: string,
  info: ReadonlyMap<string, string> = headOf(text),
  cwd = '/etc/nginx',
): Finding[] {
  const context = info.get('context');
  const { findings } = lintText(Buffer.from(text), {
    target: { version: info.get('target') ?? '1.30.4', plus: info.has('plus') },
    behind: info.get('behind') as Behind | undefined,
    context: context === undefined ? undefined : contextOf(context),
    cwd,
  });
  return [...findings];
}

function headOf(text: string): Map<string, string> {
  const words = /^# lint: (.*)$/mu.exec(text.split('\n', 1)[0]!)?.[1]?.split(' ') ?? [];
  return new Map(
    words.map((word) => {
      const [name = '', value = ''] = word.split('=');
      return [name, value];
    }),
  );
}
