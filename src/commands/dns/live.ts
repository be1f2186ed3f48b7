import { type Answered, audiences } from '../../lib/dns/answers/everywhere.ts';
import { audienceOf } from '../../lib/dns/map/svg.ts';
import { type RecordSet, shown } from '../../lib/dns/record.ts';
import { findZone } from '../../lib/dns/route53/observe.ts';
import type { Wanted } from '../../lib/dns/wanted/wanted.ts';
import { UserError } from '../../lib/errors.ts';
import { table } from '../../lib/ui/table.ts';
import { visible } from '../../lib/ui/visible.ts';
import type { Invocation } from '../command.ts';
import { route53For } from './world.ts';

/** What a name is answered, beside what it should be. */
interface LiveName {
  readonly name: string;
  readonly type: string;
  readonly answer: readonly string[];
  readonly code: string;
  /** Whether it is such as somebody is to get. */
  readonly expected: boolean;
  readonly rules: readonly string[];
  readonly clients: readonly string[];
}

interface Expected extends Pick<RecordSet, 'Name' | 'Type'> {
  readonly answered: readonly Answered[];
}

/**
 * Asks name servers what an address gets, and tells whether lb.yaml or the flags give that to anybody.
 * `--json`: `{schemaVersion, from, names: [{name, type, answer, expected, rules, clients}]}`.
 * @returns whether all answers are such as somebody should get.
 */
export async function askLive(
  invocation: Invocation,
  wanted: Wanted,
  expected: readonly Expected[],
  address: string,
): Promise<boolean> {
  const { terminal } = invocation;
  if (wanted.isPrivate)
    throw new UserError('usage', 'private-zone', 'name servers answer nobody for a private zone', {
      hint: 'leave --live out',
    });
  const api = await route53For(invocation);
  const zone = await findZone(api, wanted.zone, false);
  const names: LiveName[] = [];
  for (const { Name, Type, answered } of expected) {
    const { values, code } = await api.testAnswer(zone.id, Name, Type, address);
    const fitting = answered.filter(({ outcomes }) =>
      outcomes.some((outcome) => isSame(outcome.values, values)),
    );
    const rules = [...new Set(fitting.map(({ rule }) => rule.replace(/, about .*$/u, '')))];
    names.push({
      name: shown(Name),
      type: Type,
      answer: values,
      code,
      expected: fitting.length > 0,
      rules,
      clients: audiences(fitting).map(({ clients }) => audienceOf(clients)),
    });
  }
  if (terminal.json) terminal.printJson({ from: address, names });
  else {
    const { green, red } = terminal.style;
    const rows = table(
      names.map(({ name, type, answer, code, expected, rules }) => [
        `${name} ${type}`,
        answer.length > 0 ? answer.join(', ') : code,
        expected
          ? `as by ${rules.slice(0, 3).join(' or ')}${rules.length > 3 ? ' …' : ''}`
          : 'which nobody is to get',
      ]),
    );
    terminal.print(
      rows
        .map((row, index) => (names[index]!.expected ? `${green('✓')} ` : `${red('✗')} `) + visible(row))
        .join('\n'),
    );
  }
  return names.every(({ expected }) => expected);
}

/** Aliases are answered by addresses, which only they know. */
function isSame(wanted: readonly string[], answer: readonly string[]): boolean {
  const isName = wanted.length === 1 && !/^[\d.]+$|:/u.test(wanted[0]!);
  if (isName) return answer.length > 0;
  const texts = (values: readonly string[]) =>
    values.map((value) => value.replace(/\.$/u, '').toLowerCase()).toSorted();
  return texts(wanted).join(' ') === texts(answer).join(' ');
}
