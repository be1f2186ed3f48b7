import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { clientOptions } from '../client.ts';
import { homeRegionOf } from '../home-region.ts';

/**
 * The Region of the environment or the profile, for stacks; nobody is called.
 * @throws UserError `input` where there is none.
 */
export function homeRegion(doing: string): Promise<string> {
  const client = new CloudFormationClient(clientOptions());
  return homeRegionOf(client, { doing, action: 'cloudformation:DescribeStacks' });
}
