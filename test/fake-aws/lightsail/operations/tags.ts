import type { TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-lightsail';
import type { Context } from '../../service.ts';
import { changes, type Deed, type Operations, perform } from '../operation.ts';
import { invalid, notFound } from '../refusal.ts';
import { all, checkTags } from '../resources.ts';
import type { Settings } from '../settings.ts';
import type { Resource, State } from '../state.ts';

const TAGGED = ['Instance', 'InstanceSnapshot', 'Domain'] as const;

/** Static IPs have no tags; what is said of them is unverified. */
function findTagged(
  state: State,
  name: string,
  arn: string | undefined,
  context: Context,
): [Resource, Deed['of']] {
  for (const type of TAGGED) {
    const found = all(state, type, context).find((there) => there.name === name);
    if (found === undefined) continue;
    if (arn !== undefined && arn !== found.arn) throw invalid(`The ARN is not that of ${name}: ${arn}`);
    return [found, type];
  }
  if (all(state, 'StaticIp', context).some((there) => there.name === name))
    throw invalid(`Resources of type StaticIp cannot be tagged: ${name}`);
  throw notFound(`The resource does not exist: ${name}`);
}

export const tags = (settings: Settings): Operations => ({
  TagResource: changes<TagResourceRequest>((state, { resourceName: name, resourceArn, tags }, context) => {
    const [resource, of] = findTagged(state, name, resourceArn, context);
    checkTags(tags);
    const kept = resource.tags.filter(({ key }) => !tags.some((tag) => tag.key === key));
    checkTags([...kept, ...tags]);
    const deeds = [{ type: 'TagResource', name, of }] as const;
    return {
      operations: perform(state, context, settings, deeds, () => (resource.tags = [...kept, ...tags])),
    };
  }),
  UntagResource: changes<UntagResourceRequest>(
    (state, { resourceName: name, resourceArn, tagKeys }, context) => {
      const [resource, of] = findTagged(state, name, resourceArn, context);
      const kept = resource.tags.filter(({ key }) => !tagKeys.includes(key!));
      const deeds = [{ type: 'UntagResource', name, of }] as const;
      return { operations: perform(state, context, settings, deeds, () => (resource.tags = kept)) };
    },
  ),
});
