import type { Fault } from '../fault.ts';
import type { Balancer } from '../schema/balancer.ts';
import { twice } from './twice.ts';

/** Tags that an instance may have beside those of lbctl; Lightsail takes 50. */
const MOST_TAGS = 45;

/** Faults of a balancer on Lightsail: who may log in is not said, what an image does not have, a Region twice. */
export function lightsailChecks({ lightsail, listeners, nginx, regions = [] }: Balancer): Fault[] {
  if (lightsail === undefined)
    return [
      {
        path: ['provider'],
        message: 'provider lightsail needs "lightsail", which says who may log in at port 22',
        hint: 'your own address, as curl https://checkip.amazonaws.com tells it: lightsail: { ssh_from: [203.0.113.7] }',
      },
    ];
  const { blueprint, zones = [], tags } = lightsail;
  const isBitnami = blueprint === 'nginx';
  const hasPackages = /^(?:debian|ubuntu)_/u.test(blueprint);
  const source = isBitnami ? 'the blueprint nginx' : 'nginx.org';
  const lacking = nginx.modules.filter(
    (module) =>
      (isBitnami && module === 'modsecurity') || (hasPackages && lightsail.nginx === 'nginx.org' && module),
  );
  return [
    ...(isBitnami || hasPackages
      ? []
      : [
          {
            path: ['lightsail', 'blueprint'],
            message: `lbctl cannot install NGINX on the blueprint ${blueprint}`,
            hint: 'take a Debian or Ubuntu, such as debian_12 or ubuntu_24_04, or nginx (aws lightsail get-blueprints lists all)',
          },
        ]),
    ...(isBitnami && lightsail.nginx === 'nginx.org'
      ? [
          {
            path: ['lightsail', 'nginx'],
            message: 'the blueprint nginx has an NGINX of its own',
            hint: 'take nginx out, or take a Debian or Ubuntu such as debian_12',
          },
        ]
      : []),
    ...lacking.map((module) => ({
      path: ['nginx', 'modules', nginx.modules.indexOf(module)],
      message: `${source} has no module ${module}`,
      hint: 'take lightsail.nginx: distribution, and a Debian or Ubuntu such as debian_12',
    })),
    ...twice(regions).map((index) => ({
      path: ['regions', index],
      message: `Region ${regions[index]} is listed twice`,
    })),
    ...twice(zones).map((index) => ({
      path: ['lightsail', 'zones', index],
      message: `zone ${zones[index]} is listed twice`,
    })),
    ...Object.entries(listeners)
      .filter(([, { port }]) => port === 22)
      .map(([name]) => ({
        path: ['listeners', name, 'port'],
        message: 'port 22 of the instances is for ssh, by which releases come',
        hint: 'take another port',
      })),
    ...(Object.keys(tags).length > MOST_TAGS
      ? [
          {
            path: ['lightsail', 'tags'],
            message: `an instance can have ${MOST_TAGS} tags beside those of lbctl`,
          },
        ]
      : []),
  ];
}
