import { resolve } from 'node:path';
import { isOwnership } from '../../lib/dns/change/ownership.ts';
import { canonical } from '../../lib/dns/names.ts';
import type { RecordSet } from '../../lib/dns/record.ts';
import { readBind } from '../../lib/dns/text/bind-read.ts';
import { readJson } from '../../lib/dns/text/json.ts';
import { onlyRecords } from '../../lib/dns/wanted/wanted.ts';
import { InvalidInput, reasonOf, UserError } from '../../lib/errors.ts';
import { readBounded } from '../../lib/source/bounded.ts';
import type { Invocation, Outcome } from '../command.ts';
import { applyAsked } from './apply.ts';
import { zoneMeant } from './wanted.ts';

/** `--json`: that of `apply`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { args, cwd } = invocation;
  const file = args[0]!;
  const { zone, isPrivate } = await zoneMeant(invocation);
  const sets = read(textOf(resolve(cwd, file), file), file, zone)
    // every zone has these of its own, and they stay
    .filter(({ Name, Type }) => !(Name === canonical(zone) && (Type === 'NS' || Type === 'SOA')))
    .filter((set) => !isOwnership(set));
  if (sets.length === 0) throw new UserError('input', 'no-records', `${file} has no records to bring in`);
  const wanted = onlyRecords(canonical(zone), isPrivate, sets);
  return applyAsked(invocation, { wanted, loaded: undefined }, { adopt: true });
}

const FORMS = 'write it as lbctl dns export does, or as aws route53 list-resource-record-sets';

function textOf(path: string, file: string): string {
  let text: string;
  try {
    text = readBounded(path, file).toString();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError('input', 'no-such-file', `there is no ${file}`, { cause });
    if (code === 'EISDIR')
      throw new UserError('input', 'unreadable-file', `${file} is a folder`, {
        hint: 'name the file in it that holds the records',
        cause,
      });
    throw new UserError('input', 'unreadable-file', `cannot read ${file}: ${reasonOf(cause)}`, {
      cause,
    });
  }
  if (text.includes('\0'))
    throw new UserError('input', 'unreadable-file', `${file} is no text`, { hint: FORMS });
  return text;
}

function read(text: string, file: string, zone: string): readonly RecordSet[] {
  if (!/^\s*[{[]/u.test(text)) {
    const { sets, faults } = readBind(text, zone);
    if (faults.length === 0) return sets;
    const lines = text.split(/\r?\n/u);
    throw new InvalidInput(
      file,
      faults.map(({ line, message }) => {
        const sourceLine = lines[line - 1] ?? '';
        return {
          message,
          span: { file, line, column: 1, endLine: line, endColumn: sourceLine.length + 1, sourceLine },
        };
      }),
    );
  }
  const sets = readJson(text);
  if (typeof sets !== 'string') return sets;
  throw new UserError('input', 'bad-records', `${file} cannot be read: ${sets}`, {
    hint: FORMS,
  });
}
