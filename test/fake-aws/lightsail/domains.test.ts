import { expect, it } from 'vitest';
import { startAccount } from './account.ts';

it('has DNS zones at one place only', async () => {
  const { call, lightsail } = await startAccount();
  const domainName = 'example.com';
  await call('CreateDomain', { domainName }, 'us-east-1');
  const domainEntry = { name: '_acme-challenge.example.com', type: 'TXT', target: '"token"' };
  await call('CreateDomainEntry', { domainName, domainEntry }, 'us-east-1');
  const { domain } = await call('GetDomain', { domainName }, 'us-east-1');
  const { domainEntries } = domain as { domainEntries: { id: string }[] };
  expect(domainEntries).toMatchObject([domainEntry]);
  const changed = { ...domainEntries[0]!, target: '"other"' };
  await call('UpdateDomainEntry', { domainName, domainEntry: changed }, 'us-east-1');
  expect(await call('GetDomains', {}, 'us-east-1')).toMatchObject({
    domains: [{ name: domainName, domainEntries: [{ target: '"other"' }] }],
  });
  await expect(call('GetDomains')).rejects.toMatchObject({ name: 'InvalidInputException' });
  await call('DeleteDomainEntry', { domainName, domainEntry: changed }, 'us-east-1');
  expect(lightsail.inventory().domains).toMatchObject([{ entries: [] }]);
});
