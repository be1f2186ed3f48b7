import { lbctl } from '../support/cli.ts';

/** The release that this machine serves. */
export async function currentRelease(setting: Parameters<typeof lbctl>[1]): Promise<string> {
  const { stdout } = await lbctl(['releases', '--json'], setting);
  return (JSON.parse(stdout) as { nodes: { current: string }[] }).nodes[0]!.current;
}
