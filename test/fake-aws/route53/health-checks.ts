import { AwsError } from '../errors.ts';
import { element, type Xml } from '../protocols/xml.ts';
import { answer, changing, reading } from './operation.ts';
import { ROOT } from './routes.ts';
import type { Route53State } from './state.ts';
import { all, child, textIn, write } from './wire.ts';

function checkIn(state: Route53State, id: string) {
  const check = state.checks.find((check) => check.id === id);
  if (!check) throw new AwsError(404, 'NoSuchHealthCheck', `A health check with id '${id}' does not exist.`);
  return check;
}

export const ofHealthChecks = {
  ListHealthChecks: reading((state) =>
    answer(
      'ListHealthChecksResponse',
      element(
        'HealthChecks',
        ...state.checks.map(({ id, reference, config }) =>
          element(
            'HealthCheck',
            element('Id', id),
            element('CallerReference', reference),
            element('HealthCheckVersion', 1),
            writeConfig(config),
          ),
        ),
      ),
      element('IsTruncated', false),
      element('MaxItems', 100),
      element('Marker', ''),
    ),
  ),
  CreateHealthCheck: changing((state, { body }) => {
    const reference = textIn(body, 'CallerReference') ?? '';
    const config = readConfig(child(body, 'HealthCheckConfig'));
    if (reference.length < 1 || reference.length > 64)
      throw new AwsError(400, 'InvalidInput', 'CallerReference must have 1 to 64 characters');
    const fault = configFault(config);
    if (fault !== undefined) throw new AwsError(400, 'InvalidInput', fault);
    if (state.used.includes(reference))
      throw new AwsError(409, 'HealthCheckAlreadyExists', `The health check ${reference} already exists.`);
    const id = `00000000-0000-4000-8000-${String(state.used.length + 1).padStart(12, '0')}`;
    state.used.push(reference);
    state.checks.push({ id, reference, config, isHealthy: true, title: '' });
    return {
      status: 201,
      headers: { location: `${ROOT}/healthcheck/${id}` },
      body: element(
        'CreateHealthCheckResponse',
        element(
          'HealthCheck',
          element('Id', id),
          element('CallerReference', reference),
          element('HealthCheckVersion', 1),
          writeConfig(config),
        ),
      ),
    };
  }),
  DeleteHealthCheck: changing((state, { path }) => {
    const check = checkIn(state, path['Id']!);
    if (state.zones.some(({ sets }) => sets.some(({ HealthCheckId }) => HealthCheckId === check.id)))
      throw new AwsError(400, 'HealthCheckInUse', `The health check ${check.id} is in use.`);
    state.checks = state.checks.filter(({ id }) => id !== check.id);
    return answer('DeleteHealthCheckResponse');
  }),
  GetHealthCheckStatus: reading((state, { path }) => {
    const { isHealthy } = checkIn(state, path['Id']!);
    const status = isHealthy ? 'Success: HTTP Status Code 200, OK' : 'Failure: Connection timed out.';
    return answer(
      'GetHealthCheckStatusResponse',
      element(
        'HealthCheckObservations',
        ...['us-east-1', 'eu-west-1', 'sa-east-1'].map((Region) =>
          write('HealthCheckObservation', { Region, StatusReport: { Status: status } }),
        ),
      ),
    );
  }),
  ChangeTagsForResource: changing((state, { path, body }) => {
    const check = checkIn(state, path['Id']!);
    const [tag] = all(child(body, 'AddTags'), 'Tag');
    check.title = textIn(tag, 'Value') ?? '';
    return answer('ChangeTagsForResourceResponse');
  }),
};

function readConfig(xml: Xml | undefined): Record<string, string | string[]> {
  return Object.fromEntries(
    (xml?.children ?? []).map(({ name, text, children }) => [
      name,
      children.length > 0 ? children.map((inner) => inner.text) : text,
    ]),
  );
}

function writeConfig(config: Record<string, string | string[]>): Xml {
  return element(
    'HealthCheckConfig',
    ...Object.entries(config).map(([key, value]) =>
      Array.isArray(value)
        ? element(key, ...value.map((region) => element('Region', region)))
        : element(key, value),
    ),
  );
}

function configFault(config: Record<string, string | string[]>): string | undefined {
  if (!['10', '30'].includes(String(config['RequestInterval']))) return 'RequestInterval must be 10 or 30';
  const threshold = Number(config['FailureThreshold']);
  if (threshold < 1 || threshold > 10) return 'FailureThreshold must be between 1 and 10';
  if (Array.isArray(config['Regions']) && config['Regions'].length < 3)
    return 'at least three Regions must be given';
  if (/^(?:10|127|192\.168)\./u.test(String(config['IPAddress'] ?? '')))
    return 'Invalid parameter : IP address is not public';
  return undefined;
}
