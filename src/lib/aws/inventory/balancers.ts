import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { allPages } from '../pages.ts';
import type { Kind } from './kind.ts';

/** Names of Network Load Balancers. */
export const balancers: Kind<string> = {
  doing: 'list load balancers',
  actions: ['elasticloadbalancing:DescribeLoadBalancers'],
  scope: 'first',
  async list({ options, within }) {
    const client = new ElasticLoadBalancingV2Client(options);
    try {
      const all = await allPages(async (Marker) => {
        const page = await client.send(new DescribeLoadBalancersCommand({ Marker }), within);
        return { items: page.LoadBalancers, next: page.NextMarker };
      });
      return all
        .filter(({ Type }) => Type === 'network')
        .map(({ LoadBalancerName = '' }) => LoadBalancerName);
    } finally {
      client.destroy();
    }
  },
};
