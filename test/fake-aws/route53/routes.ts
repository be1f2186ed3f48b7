export const ROOT = '/2013-04-01';

/** Operations by method and path. */
export const ROUTES = {
  ListHostedZonesByName: `GET ${ROOT}/hostedzonesbyname`,
  ListResourceRecordSets: `GET ${ROOT}/hostedzone/{Id}/rrset`,
  ChangeResourceRecordSets: `POST ${ROOT}/hostedzone/{Id}/rrset`,
  GetChange: `GET ${ROOT}/change/{Id}`,
  ListHealthChecks: `GET ${ROOT}/healthcheck`,
  CreateHealthCheck: `POST ${ROOT}/healthcheck`,
  DeleteHealthCheck: `DELETE ${ROOT}/healthcheck/{Id}`,
  GetHealthCheckStatus: `GET ${ROOT}/healthcheck/{Id}/status`,
  ChangeTagsForResource: `POST ${ROOT}/tags/{Type}/{Id}`,
  ListCidrCollections: `GET ${ROOT}/cidrcollection`,
  CreateCidrCollection: `POST ${ROOT}/cidrcollection`,
  ListCidrBlocks: `GET ${ROOT}/cidrcollection/{Id}/cidrblocks`,
  DeleteCidrCollection: `DELETE ${ROOT}/cidrcollection/{Id}`,
  ChangeCidrCollection: `POST ${ROOT}/cidrcollection/{Id}`,
  TestDNSAnswer: `GET ${ROOT}/testdnsanswer`,
} as const;
