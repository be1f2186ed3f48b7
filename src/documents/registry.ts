import { alarmsList, alarmsPlan, alarmsTest, metrics } from './metrics.ts';
import { fmt, lint, rules } from './nginx.ts';
import {
  about,
  count,
  flag,
  list,
  map,
  number,
  object,
  orNull,
  type Schema,
  text,
  word,
} from './notation.ts';
import { balancer, changes, recordChanges, recordSet, rollout, server, steps } from './parts.ts';
import { dnsWhere } from './where.ts';
import { status } from './status.ts';
import { poolList } from './pool.ts';
import { init } from './init.ts';

const span = object({
  file: text,
  line: count,
  column: count,
  endLine: count,
  endColumn: count,
  'sourceLine?': text,
});

const problem = object({ message: text, 'hint?': text, 'span?': span });

/**
 * What a command that failed prints, whichever it was. What it had done by then may stand beside the error, in the form
 * that the command's own document has.
 */
const failure: Schema = {
  ...document({
    error: object({
      code: about('stays the same from release to release', text),
      message: text,
      'hint?': about('what to do about it', text),
      'span?': about('the place in a file', span),
      'evidence?': about('what others said of it, such as NGINX', list(text)),
      'problems?': about('all that is wrong with an input', list(problem)),
    }),
  }),
  additionalProperties: true,
};

/** What each command prints under `--json`, by its words, when it has not failed. */
export const documents: Readonly<Record<string, Schema>> = {
  failure,
  help: document({ text: about('as people read it', text) }),
  init: document(init),
  config: document({
    balancer: about('lb.yaml with everything that it leaves out; see `lbctl schema lb.yaml`', map({})),
    defaults: about('paths of the values that lb.yaml does not say, such as .nginx.version', list(text)),
  }),
  generate: {
    ...document({}),
    anyOf: [
      document({
        name: balancer['name']!,
        digest: about('of all files: the name of the release', text),
        files: list(
          object({
            path: text,
            mode: about('such as 0644', text),
            'content?': about('left out of files that are secret', text),
          }),
        ),
      }),
      document({
        name: balancer['name']!,
        templates: about(
          'with --target cloudformation, one a Region',
          list(
            object({
              region: orNull(text),
              bytes: count,
              inline: about('whether CloudFormation takes it without a bucket', flag),
              template: map({}),
            }),
          ),
        ),
      }),
    ],
  },
  lint: document(lint),
  rules: document(rules),
  plan: document({ ...balancer, ...steps, drained: about('servers that stay drained', list(server)) }),
  up: {
    ...document({}),
    anyOf: [document(rollout), document({ policy: about('an IAM policy, with --iam-policy', map({})) })],
  },
  deploy: document(rollout),
  releases: document({
    ...balancer,
    nodes: list(
      object({
        node: text,
        current: about('the release that NGINX loads', orNull(text)),
        releases: about(
          'the newest first',
          list(
            object({
              id: text,
              current: flag,
              time: orNull(text),
              action: orNull(text),
              outcome: orNull(text),
              author: orNull(text),
              message: orNull(text),
              source: about('the lb.yaml that it was made of', orNull(text)),
            }),
          ),
        ),
      }),
    ),
  }),
  rollback: document(rollout),
  diff: document({
    name: balancer['name']!,
    from: text,
    to: text,
    diff: about('a unified diff; null where nodes differ', orNull(text)),
    nodes: list(object({ node: text, diff: orNull(text) })),
  }),
  'pool list': document(poolList),
  'pool add': document({ ...rollout, server }),
  'pool remove': document({ ...rollout, server }),
  'pool drain': document({
    ...rollout,
    drained: list(server),
    open: about('connections that are still open to it', count),
  }),
  'pool undrain': document({ ...rollout, undrained: list(server) }),
  lockdown: document({ ...changes, remarks: list(text) }),
  status: document(status),
  down: document(changes),
  metrics: document(metrics),
  adopt: document({ ...changes, afterwards: about('what `lbctl up` would change then', steps['steps']!) }),
  'alarms plan': document(alarmsPlan(steps)),
  'alarms apply': document(changes),
  'alarms list': document(alarmsList),
  'alarms remove': document(changes),
  'alarms test': document(alarmsTest),
  fmt: document(fmt),
  completion: document({ shell: word('bash', 'zsh', 'fish'), script: text }),
  'dns plan': document({ zone: text, ...steps }),
  'dns apply': document(recordChanges),
  'dns list': document({
    zone: text,
    id: about('of the hosted zone', text),
    records: list(object({ owner: about('the balancer that keeps it', orNull(text)), set: recordSet })),
  }),
  'dns export': document({
    zone: text,
    format: word('json', 'bind'),
    file: about('where they were written', orNull(text)),
    ResourceRecordSets: list(recordSet),
  }),
  'dns import': document(recordChanges),
  'dns shift': document({
    ...recordChanges,
    weights: about('by answer, as they are then', map(number)),
    file: about('whether lb.yaml says so, too', flag),
  }),
  'dns undo': document(recordChanges),
  'dns where': dnsWhere(document),
};

/** Every document starts with the version of these forms. */
function document(keys: Readonly<Record<string, Schema>>): Schema {
  return object({ schemaVersion: { const: 1 }, ...keys });
}
