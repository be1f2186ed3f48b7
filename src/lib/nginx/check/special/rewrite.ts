import { badParameter, shown } from '../forms.ts';
import { useRegularExpression } from '../patterns.ts';
import { variablesIn } from '../script.ts';
import { parseNumber } from '../values.ts';
import { defineVariable } from '../variables.ts';
import type { Check } from '../visit.ts';

const FLAGS = ['last', 'break', 'redirect', 'permanent'];

export const rewrite: Check = (visit) => {
  const [, pattern, replacement, flag] = visit.words;
  if (replacement!.value === '')
    return visit.fault('syntax/value', 'the replacement of rewrite is empty', replacement);
  if (useRegularExpression(visit, pattern!, pattern!.value) === undefined) return;
  if (flag && !FLAGS.includes(flag.value)) return badParameter(visit, flag, FLAGS);
  // a ? at the end drops the arguments and is not part of the text
  variablesIn(visit, replacement!, { text: replacement!.value.replace(/\?$/u, '') });
};

export const returnStatus: Check = (visit) => {
  const [, status, text] = visit.words;
  // in stream there is nothing but the text
  if (visit.scope === 'stream') {
    if (visit.once()) variablesIn(visit, status!);
    return;
  }
  const code = parseNumber(status!.value);
  if (code === undefined) {
    const url = /^(?:https?:\/\/|\$scheme)/u.test(status!.value);
    if (url && !text) variablesIn(visit, status!);
    else
      visit.fault('syntax/value', `return takes a status, not ${shown(status!)}`, status, {
        hint: url ? undefined : 'write a number, or a URL that starts with http://, https:// or $scheme',
      });
  } else if (code > 999) {
    visit.fault('syntax/value', `return takes a status of up to 999, not ${shown(status!)}`, status);
  } else if (text) {
    variablesIn(visit, text);
  }
};

export const set: Check = (visit) => {
  const [, name, value] = visit.words;
  if (!defineVariable(visit, name!)) return;
  variablesIn(visit, value!);
};

/** Directives whose first argument makes a variable, of modules whose values are not looked into. */
export const definesFirst: Check = (visit) => void defineVariable(visit, visit.words[1]!);

export const tryFiles: Check = (visit) => {
  if (!visit.once()) return;
  const words = visit.words.slice(1);
  for (const word of words) variablesIn(visit, word);
  const last = words.at(-1)!;
  if (!last.value.startsWith('=')) return;
  const code = parseNumber(last.value.slice(1));
  if (code === undefined || code > 999)
    visit.fault('syntax/value', `try_files takes a status of up to 999 behind =, not ${shown(last)}`, last);
};

export const errorPage: Check = (visit) => {
  const { words } = visit;
  const uri = words.at(-1)!;
  const response = words.at(-2)!;
  const changes = response.value.startsWith('=');
  if (changes) {
    const number = response.value.length > 1 ? parseNumber(response.value.slice(1)) : 0;
    if (words.length === 3 || number === undefined)
      return visit.fault('syntax/value', `error_page does not take ${shown(response)} here`, response, {
        hint: 'write error_page 404 =200 /uri: statuses, then =status, then the address',
      });
  }
  variablesIn(visit, uri);
  for (const word of words.slice(1, changes ? -2 : -1)) {
    const status = parseNumber(word.value);
    if (status === undefined || status === 499 || status < 300 || status > 599) {
      return visit.fault(
        'syntax/value',
        `error_page takes statuses from 300 to 599, not ${shown(word)}`,
        word,
        {
          hint: status === 499 ? 'NGINX uses 499 for clients that left' : undefined,
        },
      );
    }
  }
};
