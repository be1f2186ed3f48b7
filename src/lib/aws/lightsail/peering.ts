import { IsVpcPeeredCommand, LightsailClient } from '@aws-sdk/client-lightsail';
import { clientOptions } from '../client.ts';
import { attempt } from '../failure.ts';

/** Whether the instances of a Region and its default VPC reach each other. */
export async function isPeered(region: string): Promise<boolean> {
  const client = new LightsailClient(clientOptions(region));
  const call = { doing: 'ask whether the VPC is peered', action: 'lightsail:IsVpcPeered', region };
  try {
    const { isPeered = false } = await attempt(call, () => client.send(new IsVpcPeeredCommand({})));
    return isPeered;
  } finally {
    client.destroy();
  }
}
