import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { clientOptions } from './client.ts';
import { attempt } from './failure.ts';
import { allPages } from './pages.ts';

/** Somebody whom a topic tells, or will once they have confirmed it. */
interface Subscription {
  /** `email`, `https`, `sqs`… */
  readonly protocol: string;
  /** An address of mail, a URL, an ARN: by the protocol. */
  readonly endpoint: string;
  readonly confirmed: boolean;
}

/** What stands in place of the ARN of a subscription that nobody has confirmed. */
const PENDING = 'PendingConfirmation';

/** Who is subscribed to a topic: one call, and one more for each further hundred. */
export async function subscriptionsTo(topic: string): Promise<Subscription[]> {
  const region = topic.split(':')[3]!;
  const client = new SNSClient(clientOptions(region));
  const call = {
    doing: `list who is subscribed to ${topic}`,
    action: 'sns:ListSubscriptionsByTopic',
    region,
  };
  try {
    const all = await allPages((NextToken) =>
      attempt(call, async () => {
        const page = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic, NextToken }));
        return { items: page.Subscriptions, next: page.NextToken };
      }),
    );
    return all.map(({ Protocol, Endpoint, SubscriptionArn }) => ({
      protocol: Protocol ?? '',
      endpoint: Endpoint ?? '',
      confirmed: SubscriptionArn !== undefined && SubscriptionArn !== PENDING,
    }));
  } finally {
    client.destroy();
  }
}
