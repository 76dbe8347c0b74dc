import { describe, expect, it } from 'vitest';
import { apiFault, type Operation } from '../../shared/management-api/faults.ts';

function fault(status: number, body: string, operation: Operation = 'download content', retryAfter?: string) {
  return apiFault({ operation, tenant: 'Contoso', contentType: 'Audit.Exchange', status, body, retryAfter });
}
const envelope = (code: string) => JSON.stringify({ error: { code, message: 'm' } });

describe('faults of the API', () => {
  it.each([
    ['AF10001', 401, 'permission_missing', 'fault'],
    ['AF10001', 403, 'permission_missing', 'fault'],
    ['AF20001', 400, 'request_refused', 'fault'],
    ['AF20002', 400, 'request_refused', 'fault'],
    ['AF20020', 400, 'request_refused', 'fault'],
    ['AF20052', 400, 'cloud_mismatch', 'fault'],
    ['AF20010', 403, 'tenant_mismatch', 'fault'],
    ['AF20013', 401, 'tenant_mismatch', 'fault'],
    ['AF20022', 404, 'subscription_missing', 'retry'],
    ['AF20023', 403, 'subscription_disabled', 'retry'],
    ['AF20024', 400, 'subscription_enabled', 'continue'],
    ['AF20030', 400, 'window_refused', 'retry'],
    ['AF20055', 400, 'window_refused', 'retry'],
    ['AF20031', 400, 'page_token_refused', 'relist'],
    ['AF20050', 404, 'content_missing', 'retry'],
    ['AF20050', 400, 'content_missing', 'retry'],
    ['AF20051', 400, 'content_expired', 'expired'],
    ['AF20051', 410, 'content_expired', 'expired'],
    ['AF429', 403, 'api_throttled', 'pause'],
    ['AF429', 429, 'api_throttled', 'pause'],
    ['AF50000', 500, 'api_unavailable', 'pause'],
    ['AF50005', 200, 'api_unavailable', 'pause'],
    ['AF50999', 400, 'api_unavailable', 'pause'],
  ])('%s with status %i means %s', (code, status, meaning, disposition) => {
    for (const body of [envelope(code), `Error ${code}: something`, `<html>${code}</html>`]) {
      expect(fault(status, body)).toMatchObject({ code: meaning, disposition, externalCode: code, status });
    }
  });

  it.each([
    ['{"Message":"Authorization has been denied for this request."}', 401, 'type_refused'],
    ['', 401, 'type_refused'],
    ['', 403, 'type_refused'],
    ['<html>Service unavailable</html>', 503, 'api_unavailable'],
    ['', 500, 'api_unavailable'],
    ['too many', 429, 'api_throttled'],
    ['not found', 404, 'content_missing'],
    ['', 410, 'content_expired'],
    ['<html>maintenance</html>', 200, 'api_answer_invalid'],
    ['', 302, 'api_answer_invalid'],
    ['what?', 400, 'request_refused'],
    [
      '{"error":{"code":"StartSubscription [CorrId=1] [TenantId=2,ContentType=Audit.Exch","message":"ange] Exception: Microsoft.Office.Compliance.Audit.DataServiceException: Tenant 11111111-2222-3333-4444-555555555555 does not exist.\\r\\n at"}}',
      400,
      'auditing_off',
    ],
  ])('the body %j with status %i means %s', (body, status, meaning) => {
    expect(fault(status, body)).toMatchObject({ code: meaning });
  });

  it('take a refused id for the word of another cloud only where the API has listed it itself', () => {
    expect(fault(400, envelope('AF20052'), 'list contents')).toMatchObject({ code: 'request_refused' });
    expect(fault(400, envelope('AF20052')).remedy).toContain('Check CLOUD');
  });

  it('say what happened, to whom, and what the product does', () => {
    const { message } = fault(403, envelope('AF429'));
    expect(message).toContain('Contoso');
    expect(message).toContain('Audit.Exchange');
    expect(message).toContain('AF429');
    expect(message).toContain('wait');
  });

  it('carry how long the API asks us to wait', () => {
    expect(fault(429, '', 'list contents', '30').retryAfterMs).toBe(30_000);
    expect(fault(429, '', 'list contents', 'soon').retryAfterMs).toBeUndefined();
    expect(fault(429, '', 'list contents', '999999').retryAfterMs).toBe(3_600_000);
  });
});
