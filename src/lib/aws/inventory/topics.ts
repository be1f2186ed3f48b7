import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { allPages } from '../pages.ts';
import type { Kind } from './kind.ts';

/** ARNs of SNS topics that alarms can tell: those that keep an order they cannot. */
export const topics: Kind<string> = {
  doing: 'list SNS topics',
  actions: ['sns:ListTopics'],
  scope: 'each',
  async list({ options, within }) {
    const client = new SNSClient(options);
    try {
      const all = await allPages(async (NextToken) => {
        const page = await client.send(new ListTopicsCommand({ NextToken }), within);
        return { items: page.Topics, next: page.NextToken };
      });
      return all.map(({ TopicArn = '' }) => TopicArn).filter((arn) => !arn.endsWith('.fifo'));
    } finally {
      client.destroy();
    }
  },
};
