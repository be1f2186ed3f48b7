import { object, shorthand } from '../shape/containers.ts';
import { choice, narrowed, text } from '../shape/scalars.ts';
import { region } from './lightsail.ts';
import { line, port } from './values.ts';

/** Lightsail's own characters for names of instances, and `*`. */
export const instancePattern = text(
  /^[\w.*-]{1,255}$/u,
  'must be a name of letters, digits, -, _ and ., in which * stands for any of them',
);

/** What AWS takes in the keys and values of tags. */
const TAG = /^[\p{L}\p{N}\p{Z}+\-=._:/@]+$/u;

const tag = object({
  key: narrowed(line, TAG, 'must be the key of a tag').describe('Its key.'),
  value: narrowed(line, TAG, 'must be the value of a tag')
    .optional()
    .describe('Its value; any when left out.'),
});

const lightsail = shorthand(
  object({
    name: instancePattern.optional().describe('Name of the instances, such as web-*.'),
    tag: tag.optional().describe('A tag that they have; with name, both must hold.'),
    region: region
      .optional()
      .describe(
        'Region that they are in; when left out, that of the balancer (provider lightsail and ec2), of the environment or of the AWS profile.',
      ),
    address: choice(['private', 'public'])
      .default('private')
      .describe(
        'Which of their addresses is used. Private ones are reached from the same Region alone, and no firewall of Lightsail is in between.',
      ),
  }),
  instancePattern,
  (name) => ({ name }),
).describe('Instances of Lightsail that run; a name is the short form.');

/** What Auto Scaling takes for the name of a group. */
export const groupName = narrowed(
  line,
  /^[^:\s][^:]{0,254}$/u,
  'must be the name of an Auto Scaling group, such as shop-api',
);

const autoscalingGroup = shorthand(
  object({
    name: groupName.describe('Name of the group.'),
    region: region
      .optional()
      .describe(
        'Region that it is in; when left out, that of the balancer (provider lightsail and ec2), of the environment or of the AWS profile.',
      ),
  }),
  groupName,
  (name) => ({ name }),
).describe(
  'Instances of an Auto Scaling group that are in service, by their private addresses; a name is the short form.',
);

/** Where servers are found: a key a source, each with a file of its name in `lib/discovery`. */
export const discover = object({
  lightsail: lightsail.optional(),
  autoscaling_group: autoscalingGroup.optional(),
  port: port.describe('Port of the servers.'),
}).describe('Find the servers instead of naming them, whenever the balancer is brought up or deployed.');
