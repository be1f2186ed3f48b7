import { AwsError } from '../errors.ts';
import { element } from '../protocols/xml.ts';
import { answer, changing, reading } from './operation.ts';
import type { Route53State } from './state.ts';
import { all, child, textIn, write } from './wire.ts';

export const ofCidrCollections = {
  ListCidrCollections: reading((state) =>
    answer(
      'ListCidrCollectionsResponse',
      element(
        'CidrCollections',
        ...state.collections.map(({ id, name, version }) =>
          write('member', { Id: id, Name: name, Version: version }),
        ),
      ),
    ),
  ),
  CreateCidrCollection: changing((state, { body }) => {
    const name = textIn(body, 'Name') ?? '';
    if (!/^[0-9A-Za-z_-]{1,64}$/u.test(name))
      throw new AwsError(400, 'InvalidInput', 'the name is not allowed');
    if (state.collections.some((other) => other.name === name))
      throw new AwsError(400, 'CidrCollectionAlreadyExistsException', `${name} exists`);
    const id = `c0000000-0000-4000-8000-${String(state.collections.length + 1).padStart(12, '0')}`;
    state.collections.push({ id, name, version: 1, locations: {} });
    return {
      status: 201,
      headers: { location: id },
      body: element('CreateCidrCollectionResponse', write('Collection', { Id: id, Name: name, Version: 1 })),
    };
  }),
  ListCidrBlocks: reading((state, { path }) => {
    const { locations } = collectionIn(state, path['Id']!);
    const blocks = Object.entries(locations).flatMap(([LocationName, list]) =>
      list.map((CidrBlock) => ({ CidrBlock, LocationName })),
    );
    return answer(
      'ListCidrBlocksResponse',
      element('CidrBlocks', ...blocks.map((block) => write('member', block))),
    );
  }),
  ChangeCidrCollection: changing((state, { path, body }) => {
    const collection = collectionIn(state, path['Id']!);
    if (Number(textIn(body, 'CollectionVersion') ?? collection.version) !== collection.version)
      throw new AwsError(409, 'CidrCollectionVersionMismatchException', 'the version does not match');
    for (const change of all(child(body, 'Changes'), 'member')) {
      const name = textIn(change, 'LocationName')!;
      const blocks = (child(change, 'CidrList')?.children ?? []).map(({ text }) => text);
      const rest = (collection.locations[name] ?? []).filter((block) => !blocks.includes(block));
      collection.locations[name] = textIn(change, 'Action') === 'PUT' ? [...rest, ...blocks] : rest;
      if (collection.locations[name].length === 0) Reflect.deleteProperty(collection.locations, name);
    }
    collection.version++;
    return answer('ChangeCidrCollectionResponse', element('Id', 'change'));
  }),
  DeleteCidrCollection: changing((state, { path }) => {
    const { id, locations } = collectionIn(state, path['Id']!);
    const sets = state.zones.flatMap((zone) => zone.sets);
    if (
      Object.keys(locations).length > 0 ||
      sets.some(({ CidrRoutingConfig }) => CidrRoutingConfig?.CollectionId === id)
    )
      throw new AwsError(400, 'CidrCollectionInUseException', `${id} is in use, and isn't empty`);
    state.collections = state.collections.filter((other) => other.id !== id);
    return answer('DeleteCidrCollectionResponse');
  }),
};

function collectionIn(state: Route53State, id: string) {
  const collection = state.collections.find((collection) => collection.id === id);
  if (!collection) throw new AwsError(404, 'NoSuchCidrCollectionException', `No CIDR collection ${id}`);
  return collection;
}
