import type { Answers } from './answers.ts';

/** The commands to go on with, and what each does. */
export function nextCommands(
  answers: Answers,
  file: string,
): readonly (readonly [command: string, does: string])[] {
  const named = file === 'lb.yaml' ? '' : ` --file ${quoted(file)}`;
  return [
    [`lbctl plan${named}`, 'what would be done'],
    [`lbctl up${named}`, answers.fleet ? 'do it, which takes some minutes the first time' : 'do it'],
    answers.provider === 'local'
      ? [request(answers), 'ask it']
      : [`lbctl status${named}`, answers.fleet ? 'how it does, and where clients reach it' : 'how it does'],
    ...(answers.preCommit ? [['pre-commit install', 'have git run the check'] as const] : []),
  ];
}

/** A request that the balancer on this machine answers, whatever DNS says. */
function request({ hosts, https, port }: Answers): string {
  const host = hosts.find((name) => !name.includes('*')) ?? 'localhost';
  if (!https) return `curl ${host === 'localhost' ? '' : `-H 'Host: ${host}' `}http://127.0.0.1:${port}/`;
  return `curl -k --resolve ${host}:${https.port}:127.0.0.1 https://${host}:${https.port}/`;
}

function quoted(word: string): string {
  return /^[\w./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
