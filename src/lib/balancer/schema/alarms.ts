import { narrowed, number, text } from '../shape/scalars.ts';
import { list, object, shorthand } from '../shape/containers.ts';
import { line } from './values.ts';

export const topic = text(
  /^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/u,
  'must be the ARN of an SNS topic such as arn:aws:sns:us-east-1:111122223333:ops',
);

/** A list, or one of it by itself. */
const topics = shorthand(list(topic, 'is empty'), topic, (one) => [one]);

/** Alarms of CloudWatch for the Network Load Balancer in front. */
export const alarms = object({
  notify: topics.describe('SNS topics that are told, once for all that is wrong, and when it is over.'),
  balancer: narrowed(line, /^\S+$/u, 'must be a name or an ARN')
    .optional()
    .describe('Name or ARN of the Network Load Balancer; the name of this balancer when left out.'),
  healthy: number(1, 1000)
    .default(1)
    .describe('Fewer healthy targets than this in a target group are too few.'),
  target_resets: number(1, 10000000)
    .default(100)
    .describe('Connections that targets may reset in 5 minutes.'),
  lcus: number(0.01, 1000000, { whole: false })
    .optional()
    .describe('Capacity units (LCU) that are planned for; no alarm when left out.'),
  certificates: list(
    text(
      /^arn:aws[\w-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/u,
      'must be the ARN of a certificate of ACM',
    ),
  )
    .default([])
    .describe('Certificates of ACM whose end is watched.'),
  autoscaling_group: narrowed(line, /^[^:]{1,255}$/u, 'must be the name of an Auto Scaling group')
    .optional()
    .describe('Auto Scaling group of the nodes, whose CPU is watched.'),
  cpu: number(1, 100).default(80).describe('Percent that the nodes of the group may be busy.'),
  scale: text(
    /^arn:aws[\w-]*:autoscaling:\S+$/u,
    'must be the ARN of a scaling policy, as aws autoscaling describe-policies tells it',
  )
    .optional()
    .describe('Scaling policy that busy nodes set off.'),
  instances: list(text(/^i-[0-9a-f]{8,17}$/u, 'must be the id of an instance such as i-0abc1234def567890'))
    .default([])
    .describe('Instances that EC2 recovers when the machine below fails, and reboots when the system does.'),
}).describe('Alarms of CloudWatch for the Network Load Balancer in front (lbctl alarms).');
