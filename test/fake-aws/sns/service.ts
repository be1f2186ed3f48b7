import { AwsError } from '../errors.ts';
import { type Form, onlyFields } from '../protocols/form.ts';
import { query } from '../protocols/query.ts';
import { element, type Xml } from '../protocols/xml.ts';
import { defineService, type Operation } from '../service.ts';

export interface FakeTopic {
  /** ARN. */
  readonly arn: string;
  readonly subscriptions: readonly FakeSubscription[];
}

interface FakeSubscription {
  readonly protocol: 'email' | 'https' | 'sqs' | 'lambda' | 'sms';
  readonly endpoint: string;
  /** Whether it was confirmed; yes when left out. */
  readonly confirmed?: boolean;
}

interface State {
  readonly topics: readonly FakeTopic[];
}

/** Subscriptions, and topics, that an answer has ("ListSubscriptionsByTopic", "ListTopics"). */
const PAGE = 100;

/** SNS, as far as topics and subscriptions are read; an operation more is one entry. */
export function sns(topics: readonly FakeTopic[]) {
  return defineService<State>({
    name: 'sns',
    protocol: query('2010-03-31', 'http://sns.amazonaws.com/doc/2010-03-31/'),
    state: { topics },
    operations: { ListSubscriptionsByTopic: listSubscriptions, ListTopics: listTopics },
    inventory: (state) => state.topics,
  });
}

const refused = (message: string): AwsError =>
  new AwsError(400, 'InvalidParameter', `Invalid parameter: ${message}`);

const listSubscriptions: Operation<State> = {
  mutates: false,
  run(state, form: Form, { region, account }) {
    onlyFields(form, 'TopicArn', 'NextToken');
    const arn = form['TopicArn'] ?? '';
    const parts = /^arn:aws[\w-]*:sns:([a-z0-9-]+):(\d{12}):[\w-]{1,256}$/u.exec(arn);
    if (parts === null) throw refused('TopicArn');
    if (parts[1] !== region) throw refused('TopicArn Reason: ARN specifies an invalid region');
    const topic = state.topics.find((one) => one.arn === arn);
    if (topic === undefined) throw new AwsError(404, 'NotFound', 'Topic does not exist');
    const from = Number(form['NextToken'] ?? 0);
    if (!Number.isInteger(from)) throw refused('NextToken');
    const to = from + PAGE;
    return {
      operation: form['operation'],
      result: [
        element(
          'Subscriptions',
          ...topic.subscriptions.slice(from, to).map((one) => subscriptionXml(one, arn, account)),
        ),
        ...(to < topic.subscriptions.length ? [element('NextToken', String(to))] : []),
      ],
    };
  },
};

const listTopics: Operation<State> = {
  mutates: false,
  run(state, form: Form, { region }) {
    onlyFields(form, 'NextToken');
    const topics = state.topics.filter(({ arn }) => arn.split(':')[3] === region);
    const from = Number(form['NextToken'] ?? 0);
    if (!Number.isInteger(from)) throw refused('NextToken');
    const to = from + PAGE;
    return {
      operation: form['operation'],
      result: [
        element(
          'Topics',
          ...topics.slice(from, to).map(({ arn }) => element('member', element('TopicArn', arn))),
        ),
        ...(to < topics.length ? [element('NextToken', String(to))] : []),
      ],
    };
  },
};

function subscriptionXml(subscription: FakeSubscription, topic: string, owner: string): Xml {
  const { protocol, endpoint, confirmed = true } = subscription;
  return element(
    'member',
    element('TopicArn', topic),
    element('Protocol', protocol),
    // an ARN of its own comes with the confirmation
    element(
      'SubscriptionArn',
      confirmed ? `${topic}:${Buffer.from(endpoint).toString('hex').slice(0, 8)}` : 'PendingConfirmation',
    ),
    element('Owner', owner),
    element('Endpoint', endpoint),
  );
}
