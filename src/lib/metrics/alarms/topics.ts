/** A topic of SNS, and whom it tells. */
export interface Topic {
  readonly arn: string;
  /** Why it is not known who is subscribed, and what to do about it; null where it is. */
  readonly unknown: { readonly why: string; readonly hint: string | null } | null;
  readonly subscriptions: readonly Subscription[];
  /** False where SNS knows no such topic. */
  readonly exists: boolean;
}

interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

/** What keeps the message of an alarm from anybody. */
export interface Gap {
  readonly message: string;
  readonly hint: string | null;
}

/** Why a topic tells nobody, or that this cannot be told; undefined where somebody has confirmed a subscription. */
export function gapOf({ arn, unknown, subscriptions, exists }: Topic): Gap | undefined {
  if (!exists)
    return {
      message: `there is no topic ${arn}, so that alarms tell nobody`,
      hint: `aws sns create-topic --region ${arn.split(':')[3]} --name ${arn.split(':')[5]}`,
    };
  if (unknown)
    return { message: `whether ${arn} reaches anybody is not known: ${unknown.why}`, hint: unknown.hint };
  if (subscriptions.some(({ confirmed }) => confirmed)) return undefined;
  if (subscriptions.length === 0)
    return {
      message: `nobody is subscribed to ${arn}, so that alarms tell nobody`,
      hint: `aws sns subscribe --region ${arn.split(':')[3]} --topic-arn ${arn} --protocol email --notification-endpoint ops@example.com`,
    };
  return {
    message: `nobody has confirmed a subscription to ${arn}, so that alarms tell nobody: ${subscriptions.map(words).join(', ')}`,
    hint: 'each has got a message of AWS with a link that confirms it; aws sns subscribe sends it again',
  };
}

/** Whether a topic is known to tell nobody. */
export function isDeaf({ unknown, subscriptions }: Topic): boolean {
  return unknown === null && !subscriptions.some(({ confirmed }) => confirmed);
}

/** Those whom some topics tell, for people: `email ops@example.com`. */
export function reachedBy(topics: readonly Topic[]): string[] {
  return topics.flatMap(({ subscriptions }) => subscriptions.filter(({ confirmed }) => confirmed).map(words));
}

/** The keys of a topic in `--json`; numbers are null where they are not known. */
export function topicDocument({ arn, unknown, subscriptions }: Topic): Readonly<Record<string, unknown>> {
  const count = (is: boolean): number | null =>
    unknown ? null : subscriptions.filter(({ confirmed }) => confirmed === is).length;
  return { topic: arn, confirmed: count(true), pending: count(false) };
}

function words({ protocol, endpoint }: Subscription): string {
  return `${protocol} ${endpoint}`;
}
