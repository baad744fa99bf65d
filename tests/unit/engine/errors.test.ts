import { expect, test } from 'vitest';
import { translateError } from '../../../src/engine/errors.ts';
import { Evidence } from '../../../src/engine/traffic/evidence.ts';

function evidenceOf(code: 'network_timeout' | null): Evidence {
  const evidence = new Evidence();
  evidence.add({
    method: 'QueryWelcomeMessages',
    groupId: null,
    bytesSent: 1,
    bytesReceived: 0,
    found: false,
    outcome: code === null ? { ok: true } : { ok: false, code, detail: 'late', retryAfter: null },
  });
  return evidence;
}

test('what the traffic showed comes before what libxmtp says about it', () => {
  const error = new Error('api error: api client error at endpoint "/x" has error code');
  expect(translateError(error, evidenceOf('network_timeout')).code).toBe('network_timeout');
});

test('known texts of libxmtp have codes; unknown ones keep their words', () => {
  const codes = [
    ['[GroupError::GroupInactive] Group is inactive', 'conversation_inactive'],
    ['creating sync access handle', 'database_locked'],
    ['database disk image is malformed', 'database_damaged'],
    ['group with id abc not found', 'conversation_unknown'],
  ] as const;
  for (const [text, code] of codes) {
    expect(translateError(new Error(text), null).code, text).toBe(code);
  }
  const unknown = translateError(new Error('the moon is blue'), evidenceOf(null));
  expect(unknown).toMatchObject({ code: 'unexpected', message: 'the moon is blue' });
});

test('a panic is a crash, whatever the network did', () => {
  const panic = new WebAssembly.RuntimeError('unreachable');
  expect(translateError(panic, evidenceOf('network_timeout')).code).toBe('engine_crashed');
});

test('a failure that a repetition healed is none', () => {
  const evidence = evidenceOf('network_timeout');
  evidence.add({
    method: 'QueryWelcomeMessages',
    groupId: null,
    bytesSent: 1,
    bytesReceived: 1,
    found: false,
    outcome: { ok: true },
  });
  expect(evidence.failures()).toEqual([]);
  expect(evidence.traffic).toMatchObject({ calls: 2, failedCalls: 1 });
  expect(evidence.nothingWorked).toBe(false);
});
