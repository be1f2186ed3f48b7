import {
  about,
  count,
  list,
  number,
  object,
  orNull,
  type Schema,
  text,
  time,
  word,
  map,
} from './notation.ts';

type Keys = Readonly<Record<string, Schema>>;

const measured: Keys = {
  series: list(
    object({
      metric: about('name of the metric at CloudWatch', text),
      statistic: text,
      dimensions: map(text),
      unit: text,
      period: about('seconds that a point stands for', number),
      points: about(
        'time and value, which is null where nothing was measured',
        list({ type: 'array', prefixItems: [time, orNull(number)], minItems: 2, maxItems: 2 }),
      ),
    }),
  ),
  verdicts: list(
    object({
      subject: about('stays the same from release to release', text),
      level: word('ok', 'info', 'warning', 'critical'),
      party: about('whose side it is on', orNull(text)),
      message: text,
      hint: orNull(text),
    }),
  ),
};

export const metrics: Keys = {
  loadBalancers: list(object({ name: text, arn: text, ...measured })),
  instances: list(object({ name: text, region: text, ...measured })),
};

const topics = about(
  'topics that are told; numbers are null where it is not known who is subscribed',
  list(
    object({
      topic: about('ARN', text),
      confirmed: about('subscriptions that are told', orNull(count)),
      pending: about('subscriptions that nobody has confirmed', orNull(count)),
    }),
  ),
);

const watched: Keys = {
  name: text,
  balancer: about('ARN of the Network Load Balancer; null where a stack has the alarms', orNull(text)),
};

/** @param changes the steps, and what they come to. */
export const alarmsPlan = (changes: Keys): Keys => ({
  ...watched,
  monthly: about(
    'what the alarms cost in a month, in US dollars; null where a stack has them',
    orNull(number),
  ),
  ...changes,
  topics,
});

export const alarmsList: Keys = {
  ...watched,
  alarms: about(
    'those that are off first',
    list(
      object({
        name: text,
        kind: text,
        region: about('null where it is that of the environment', orNull(text)),
        state: word('ALARM', 'INSUFFICIENT_DATA', 'OK'),
        since: orNull(time),
        reason: text,
      }),
    ),
  ),
  topics,
};

export const alarmsTest: Keys = {
  name: text,
  alarm: about('that was set off', text),
  told: about('what CloudWatch says of who was told', list(text)),
  topics,
};
