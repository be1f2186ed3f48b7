import type { Happened } from '../../aws/cloudformation/model.ts';
import { UserError } from '../../errors.ts';

/** A stack, and what was to be done with it: completes `cannot … the stack NAME`. */
interface About {
  readonly doing: string;
  readonly name: string;
  readonly id: string;
  readonly region: string;
  /** Where it stands now, in CloudFormation's words. */
  readonly status: string;
}

/** What is only told because something else has failed before. */
const FOLLOWING = /(?:creation|update|deletion) cancelled|^The following resource\(s\) failed/iu;

/** Resources that failed by themselves, the first one first. */
export function failedIn(id: string, events: readonly Happened[]): Happened[] {
  return events.filter(
    ({ status, reason, physicalId }) =>
      status.endsWith('_FAILED') && physicalId !== id && !FOLLOWING.test(reason ?? ''),
  );
}

/** @param events of the operation, the oldest first. */
export function stackFailure(
  { doing, name, id, region, status }: About,
  events: readonly Happened[],
): UserError {
  const [first, ...others] = failedIn(id, events);
  const end = `it is ${status} now`;
  if (!first)
    return new UserError('failed', 'stack-failed', `cannot ${doing} the stack ${name} in ${region}: ${end}`, {
      hint: `see its events: aws cloudformation describe-stack-events --stack-name ${name} --region ${region}`,
    });
  const { code, kind, hint } = kindOf(first, region);
  const reason = (first.reason ?? 'CloudFormation gives no reason').replace(/\.?\s*$/u, '');
  return new UserError(
    kind,
    code,
    `cannot ${doing} the stack ${name} in ${region}: ${nameOf(first)} failed: ${reason}`,
    {
      hint,
      evidence: [
        end,
        ...new Set(others.map((one) => `${nameOf(one)} failed, too: ${one.reason ?? 'no reason is given'}`)),
      ],
    },
  );
}

function nameOf({ logicalId, type }: Happened): string {
  return `${logicalId} (${type.replace(/^AWS::/u, '')})`;
}

/** What failed, and why. */
type Failed = Pick<Happened, 'logicalId' | 'type' | 'reason'>;

const KINDS: readonly {
  readonly pattern: RegExp;
  readonly code: string;
  readonly kind?: 'denied';
  hint(event: Failed, region: string): string;
}[] = [
  {
    pattern: /AccessDenied|UnauthorizedOperation|not authorized to perform/iu,
    code: 'access-denied',
    kind: 'denied',
    hint: () => 'allow it to whoever runs lbctl: lbctl up --iam-policy prints all that it needs',
  },
  {
    pattern:
      /LimitExceeded|limit (?:has been )?exceeded|quota|maximum number of|MaxSpotInstanceCount|VcpuLimit/iu,
    code: 'quota-reached',
    hint: ({ type }, region) =>
      `ask for more, then run the command again: aws service-quotas list-service-quotas --service-code ${serviceOf(type)} --region ${region}`,
  },
  {
    pattern:
      /Insufficient(?:Instance)?Capacity|not have sufficient .*capacity|not supported in your requested Availability Zone/iu,
    code: 'no-capacity',
    hint: () => 'name more instance_types or other zones under ec2 in lb.yaml, and run lbctl up again',
  },
  {
    pattern: /Received \d+ FAILURE signal|Failed to receive \d+|timed? ?out|did not stabilize/iu,
    code: 'nodes-failed',
    hint: ({ logicalId }, region) =>
      `nodes did not come into service (${logicalId}): lbctl status --file lb.yaml tells of them, and their console of why: aws ec2 get-console-output --latest --region ${region} --instance-id ID`,
  },
  {
    pattern: /not empty/iu,
    code: 'bucket-not-empty',
    hint: () => 'somebody writes into it: run the command again, which empties it first',
  },
];

/** What can be done about it. */
export function kindOf(
  event: Failed,
  region: string,
): { code: string; kind: 'failed' | 'denied'; hint: string } {
  const found = KINDS.find(({ pattern }) => pattern.test(event.reason ?? ''));
  if (!found)
    return {
      code: 'stack-failed',
      kind: 'failed',
      hint: 'mend what it says, and run the command again, which goes on from here',
    };
  return { code: found.code, kind: found.kind ?? 'failed', hint: found.hint(event, region) };
}

const SERVICES: Readonly<Record<string, string>> = {
  AutoScaling: 'autoscaling',
  EC2: 'ec2',
  ElasticLoadBalancingV2: 'elasticloadbalancing',
  IAM: 'iam',
  S3: 's3',
};

function serviceOf(type: string): string {
  return SERVICES[type.split('::')[1] ?? ''] ?? 'cloudformation';
}
