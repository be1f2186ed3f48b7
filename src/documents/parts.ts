import { about, count, flag, list, number, object, orNull, type Schema, text, word } from './notation.ts';

/** What a command has done, or would do. */
const step = object({
  action: word('create', 'change', 'replace', 'delete'),
  resource: about('what kind of thing it is', text),
  name: text,
  details: list(text),
  'traffic?': about('what traffic would notice of it', text),
  'monthly?': about('what it adds to the costs of a month, in US dollars', number),
});

export const steps: Readonly<Record<string, Schema>> = {
  steps: about('in the order in which they are taken', list(step)),
  summary: about(
    'how many steps there are of each kind',
    object({ create: count, change: count, replace: count, delete: count }),
  ),
};

/** The balancer that a command was about. */
export const balancer: Readonly<Record<string, Schema>> = {
  name: about('of the balancer, as in lb.yaml', text),
  provider: about('where it runs', text),
};

/** Steps that were taken. */
export const changes: Readonly<Record<string, Schema>> = {
  ...balancer,
  changed: about('whether anything is different from before', flag),
  ...steps,
};

/** A release that went over the nodes. */
export const rollout: Readonly<Record<string, Schema>> = {
  ...changes,
  release: about('that all nodes were to serve; null where they are to serve several', orNull(text)),
  nodes: list(
    object({
      node: text,
      outcome: about('what became of it there', text),
      before: about('the release that served before', orNull(text)),
      after: about('the release that serves now', orNull(text)),
      'evidence?': about('why it failed', list(text)),
    }),
  ),
};

export const server = object({ upstream: text, address: text });

/** Changes of records in Route 53. */
export const recordChanges: Readonly<Record<string, Schema>> = {
  zone: about('the hosted zone', text),
  changed: about('whether anything is different from before', flag),
  ...steps,
};

/** Records in the form that Route 53 itself has for them. */
export const recordSet: Schema = {
  type: 'object',
  description: "a ResourceRecordSet of Route 53's API",
  properties: { Name: text, Type: text },
  required: ['Name', 'Type'],
  additionalProperties: true,
};
