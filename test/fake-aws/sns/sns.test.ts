import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import { startFakeAws } from '../server.ts';
import { sns } from './service.ts';

const OPS = 'arn:aws:sns:us-east-1:111122223333:ops';

async function client() {
  const many = Array.from({ length: 100 }, (_, index) => ({
    protocol: 'sqs' as const,
    endpoint: `arn:aws:sqs:us-east-1:111122223333:q${index}`,
  }));
  const aws = await startFakeAws([
    sns([
      {
        arn: OPS,
        subscriptions: [{ protocol: 'email', endpoint: 'ops@example.com', confirmed: false }, ...many],
      },
    ]),
  ]);
  return new SNSClient({
    endpoint: aws.url,
    credentials: aws.credentials,
    region: 'us-east-1',
    maxAttempts: 1,
  });
}

it('lists subscriptions in pages, and what has not been confirmed as such', async () => {
  const here = await client();
  const first = await here.send(new ListSubscriptionsByTopicCommand({ TopicArn: OPS }));
  expect(first.Subscriptions).toHaveLength(100);
  expect(first.Subscriptions![0]).toMatchObject({
    Protocol: 'email',
    SubscriptionArn: 'PendingConfirmation',
    Endpoint: 'ops@example.com',
  });
  const rest = await here.send(
    new ListSubscriptionsByTopicCommand({ TopicArn: OPS, NextToken: first.NextToken }),
  );
  expect(rest.Subscriptions).toHaveLength(1);
  expect(rest.Subscriptions![0]!.SubscriptionArn).toContain(`${OPS}:`);
});

it.each([
  [OPS.replace('ops', 'none'), 'NotFound'],
  [OPS.replace('us-east-1', 'eu-west-1'), 'InvalidParameter'],
  ['ops', 'InvalidParameter'],
])('%s is refused', async (TopicArn, name) => {
  await expect(
    (await client()).send(new ListSubscriptionsByTopicCommand({ TopicArn })),
  ).rejects.toMatchObject({
    name: expect.stringContaining(name),
  });
});
