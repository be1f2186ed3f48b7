import { list, object } from '../shape/containers.ts';
import { boolean, choice, number, text } from '../shape/scalars.ts';
import { tags } from './tags.ts';
import { network } from './values.ts';

export const region = text(/^[a-z]{2}(-[a-z]+)+-\d$/u, 'must be a Region such as us-east-1');

export const lightsail = object({
  ssh_from: list(network, 'is empty').describe(
    'Addresses that may log in at port 22; all others are kept out. Name your own, that of an office or of a pipeline, or 0.0.0.0/0 for everybody.',
  ),
  instances: number(1, 20).default(1).describe('Instances in each Region.'),
  blueprint: text(/^[a-z0-9_]{1,40}$/u, 'must be the ID of a blueprint such as debian_12')
    .default('debian_12')
    .describe(
      'System of the instances: a Debian or Ubuntu (debian_12, ubuntu_24_04) that gets NGINX at its first boot, or nginx, which is NGINX by Bitnami. Another one makes new instances.',
    ),
  bundle: text(/^[a-z0-9_]{1,40}$/u, 'must be a size such as micro, or the ID of a bundle such as micro_3_0')
    .default('micro')
    .describe(
      'Size and price of an instance: nano, micro, small, medium and so on, or the ID of a bundle, which differ by Region. Another one makes new instances.',
    ),
  zones: list(text(/^[a-f]$/u, 'must be the letter of a zone, such as a'), 'is empty')
    .optional()
    .describe('Zones that the instances go to in turn, by their letter; all of the Region when left out.'),
  nginx: choice(['distribution', 'nginx.org'])
    .default('distribution')
    .describe(
      'Packages that NGINX is installed from at the first boot: those of the system, or of nginx.org.',
    ),
  key_pair: text(/^[A-Za-z0-9][A-Za-z0-9_.-]{1,254}$/u, 'must be the name of a key pair of Lightsail')
    .optional()
    .describe('Key pair for logging in by hand; the default one of the Region when left out.'),
  static_ip: boolean()
    .default(true)
    .describe('Give every instance an address that stays; it costs nothing while an instance has it.'),
  snapshots: text(/^([01]\d|2[0-3]):00$/u, 'must be a full hour such as "06:00"')
    .optional()
    .describe('Hour, in UTC, at which Lightsail takes a snapshot of each instance every day.'),
  tags: tags.describe('Tags of the instances, beside those of lbctl.'),
}).describe('Instances of Amazon Lightsail (provider lightsail).');
