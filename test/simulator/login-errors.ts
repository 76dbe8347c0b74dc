import { type Answer, jsonAnswer } from './answer.ts';

/** Refusals of the token endpoint. Source: Microsoft Entra authentication error codes; `{0}` is what was wrong. */
const refusals = {
  700016: [400, 'unauthorized_client', "Application with identifier '{0}' was not found in the directory."],
  7000215: [401, 'invalid_client', "Invalid client secret provided for app '{0}'."],
  7000222: [401, 'invalid_client', "The provided client secret keys for app '{0}' are expired."],
  7000218: [401, 'invalid_client', "The request body must contain 'client_assertion' or 'client_secret'."],
  7000229: [400, 'unauthorized_client', "The client application '{0}' is missing service principal in the tenant."],
  700027: [
    401,
    'invalid_client',
    'The certificate with identifier used to sign the client assertion is not registered.',
  ],
  700024: [401, 'invalid_client', 'Client assertion is not within its valid time range.'],
  700021: [401, 'invalid_client', 'Client assertion application identifier does not match client_id.'],
  50013: [401, 'invalid_client', 'Assertion failed signature validation.'],
  50027: [401, 'invalid_client', 'JWT token is invalid or malformed.'],
  700211: [400, 'invalid_request', "No matching federated identity record found for presented assertion issuer '{0}'."],
  700212: [
    400,
    'invalid_request',
    "No matching federated identity record found for presented assertion audience '{0}'.",
  ],
  700213: [
    400,
    'invalid_request',
    "No matching federated identity record found for presented assertion subject '{0}'.",
  ],
  90002: [400, 'invalid_tenant', "Tenant '{0}' not found. Check to make sure you have the correct tenant ID."],
  900023: [
    400,
    'invalid_request',
    "Specified tenant identifier '{0}' is neither a valid DNS name, nor a valid external domain.",
  ],
  500011: [400, 'invalid_resource', "The resource principal named '{0}' was not found in the tenant."],
  70003: [400, 'unsupported_grant_type', "The app requested an unsupported grant type '{0}'."],
  900144: [400, 'invalid_request', "The request body must contain the following parameter: '{0}'."],
  90033: [503, 'temporarily_unavailable', 'A transient error has occurred. Please try again.'],
  50196: [400, 'invalid_grant', 'The server terminated an operation because it encountered a client request loop.'],
} as const satisfies Record<number, readonly [number, string, string]>;

/** A code of the token endpoint, as in `AADSTS7000215`. */
export type LoginErrorCode = keyof typeof refusals;

/** The token endpoint's refusal in the shape that MSAL reads. */
export function loginRefusal(code: LoginErrorCode, detail: string, now: number): Answer {
  const [status, error, message] = refusals[code];
  const trace = 'a0b1c2d3-0000-4000-a000-000000000000';
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return jsonAnswer(status, {
    error,
    error_description: `AADSTS${code}: ${message.replace('{0}', detail)} Trace ID: ${trace} Correlation ID: ${trace} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: trace,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}
