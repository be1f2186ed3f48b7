import { AwsError } from '../errors.ts';

/** Statuses are those of the service's model. */
export const invalid = (message: string): AwsError => new AwsError(400, 'InvalidInputException', message);
export const notFound = (message: string): AwsError => new AwsError(404, 'NotFoundException', message);
export const failure = (message: string): AwsError => new AwsError(400, 'OperationFailureException', message);
