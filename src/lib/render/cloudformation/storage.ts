import type { Ec2 } from '../../balancer/schema/ec2.ts';
import { attribute, ref, type Resource, resource, sub } from './resource.ts';
import { policy } from './role.ts';

/** Where releases and logs are. */
export interface Storage {
  readonly resources: readonly Resource[];
  readonly bucket: Resource<'AWS::S3::Bucket'>;
  readonly log: Resource<'AWS::Logs::LogGroup'>;
}

/** Days that what was deleted or overwritten in the bucket can be brought back. */
const KEPT_DAYS = 30;

export function storageOf({ log_retention: days }: Ec2): Storage {
  const bucket = resource(
    'Releases',
    'AWS::S3::Bucket',
    {
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      LifecycleConfiguration: {
        Rules: [
          {
            // never by the age of a release itself: the one that serves may be old
            Id: 'what-is-gone',
            Status: 'Enabled',
            NoncurrentVersionExpiration: { NoncurrentDays: KEPT_DAYS },
            ExpiredObjectDeleteMarker: true,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
          // CloudFormation reads one that is too large for a call at once
          { Id: 'templates', Status: 'Enabled', Prefix: 'templates/', ExpirationInDays: 1 },
        ],
      },
    },
    {
      comment:
        'Releases, and which one serves. It is deleted with the stack, and S3 refuses that while something is in it.',
      attributes: { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' },
    },
  );
  const guard = resource('ReleasesPolicy', 'AWS::S3::BucketPolicy', {
    Bucket: ref(bucket),
    PolicyDocument: policy([
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [attribute(bucket, 'Arn'), sub(`\${${bucket.id}.Arn}/*`)],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]),
  });
  const log = resource(
    'Log',
    'AWS::Logs::LogGroup',
    { RetentionInDays: days },
    {
      comment: 'What nodes tell.',
      attributes: { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' },
    },
  );
  return { resources: [bucket, guard, log], bucket, log };
}
