import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { BALANCER_TAG } from '../lightsail/tags.ts';
import { allPages } from '../pages.ts';
import type { Kind } from './kind.ts';

/** Groups that one page brings at most. */
const PAGE = 100;

/** Names of Auto Scaling groups, but for those of balancers, whose instances are no servers behind one. */
export const groups: Kind<string> = {
  doing: 'list Auto Scaling groups',
  actions: ['autoscaling:DescribeAutoScalingGroups'],
  scope: 'first',
  async list({ options, within }) {
    const client = new AutoScalingClient(options);
    try {
      const all = await allPages(async (NextToken) => {
        const page = await client.send(
          new DescribeAutoScalingGroupsCommand({ NextToken, MaxRecords: PAGE }),
          within,
        );
        return { items: page.AutoScalingGroups, next: page.NextToken };
      });
      return all
        .filter(({ Tags = [] }) => !Tags.some(({ Key }) => Key === BALANCER_TAG))
        .map(({ AutoScalingGroupName = '' }) => AutoScalingGroupName);
    } finally {
      client.destroy();
    }
  },
};
