/**
 * Errors that any operation may have, which no model lists, and their statuses. AWS documents most of them as "Common
 * Errors" of each service (https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html and the like), by two sets of
 * names: those of the query protocol lack "Exception". Newer services answer 403 or 400 where older ones do the reverse.
 */
export const COMMON_ERRORS: Readonly<Record<string, readonly number[]>> = {
  AccessDenied: [403],
  AccessDeniedException: [400, 403],
  ExpiredToken: [400, 403],
  ExpiredTokenException: [400, 403],
  IncompleteSignature: [400, 403],
  InternalFailure: [500],
  InvalidAction: [400],
  InvalidClientTokenId: [403],
  InvalidSignatureException: [400, 403],
  MalformedHttpRequestException: [400],
  MissingAuthenticationToken: [403],
  MissingAuthenticationTokenException: [400, 403],
  NotAuthorized: [400, 401],
  OptInRequired: [403],
  RequestEntityTooLargeException: [413],
  RequestExpired: [400],
  RequestTimeoutException: [408],
  SerializationException: [400],
  ServiceUnavailable: [503],
  SignatureDoesNotMatch: [403],
  Throttling: [400],
  ThrottlingException: [400],
  UnknownOperationException: [400, 404],
  UnrecognizedClientException: [400, 403],
  ValidationError: [400],
  ValidationException: [400],
};
