import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../shared/settings/read-settings.ts';
import { oneTenant, problemsOf } from './environments.ts';

let key = '';
let certificate = '';
let otherCertificate = '';
let ecPem = '';

beforeAll(async () => {
  const make = (keyType: 'rsa' | 'ec') => generate([{ name: 'commonName', value: 'collector' }], { keyType });
  const [own, other, elliptic] = await Promise.all([make('rsa'), make('rsa'), make('ec')]);
  key = own.private;
  certificate = own.cert;
  otherCertificate = other.cert;
  ecPem = `${elliptic.private}\n${elliptic.cert}`;
});

function withCertificate(text: string) {
  return { ...oneTenant, CLIENT_SECRET: undefined, CLIENT_CERTIFICATE: text };
}

function read(text: string): string {
  const credential = readSettings(withCertificate(text)).tenants[0]?.credential;
  return credential?.kind === 'client-certificate' ? credential.pem.reveal() : '';
}

describe('a certificate', () => {
  it('is the same in every wrapping that portals, vaults and files put it in', () => {
    const pem = `${key}\n${certificate}\n`;
    const expected = read(pem);
    expect(createPrivateKey(expected).asymmetricKeyType).toBe('rsa');
    expect(new X509Certificate(expected).publicKey.equals(createPublicKey(key))).toBe(true);
    const wrappings = {
      certificateFirst: `${certificate}\n${key}`,
      escaped: pem.replaceAll('\n', '\\n'),
      escapedWindows: pem.replaceAll('\n', '\\r\\n'),
      windows: pem.replaceAll('\n', '\r\n'),
      oneLine: pem.replaceAll('\n', ' '),
      quoted: JSON.stringify(pem),
      base64: Buffer.from(pem).toString('base64'),
      base64Lines: Buffer.from(pem)
        .toString('base64')
        .replace(/(.{76})/g, '$1\n'),
      withAttributes: `Bag Attributes\n    friendlyName: x\n${pem}`,
    };
    for (const [name, text] of Object.entries(wrappings)) expect(read(text), name).toBe(expected);
  });

  it('comes before the rest of its chain, for the login host looks at the first', () => {
    const pem = read(`${otherCertificate}\n${key}\n${certificate}`);
    expect(new X509Certificate(pem).publicKey.equals(createPublicKey(key))).toBe(true);
    expect(pem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });
});

describe('a wrong certificate', () => {
  // A PFX begins: SEQUENCE, INTEGER 3, SEQUENCE, OBJECT IDENTIFIER pkcs7-data.
  const pfx = Buffer.from('308209d10201033082099706092a864886f70d010701a0820988', 'hex').toString('base64');
  const encrypted = () =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    });

  const cases: readonly (readonly [name: string, text: () => string, words: string])[] = [
    ['a PFX', () => pfx, 'is a PFX (PKCS #12), as Key Vault hands out certificates'],
    ['a DER certificate', () => new X509Certificate(certificate).raw.toString('base64'), 'in DER form'],
    ['a certificate without key', () => certificate, 'holds a certificate but no private key'],
    ['a key without certificate', () => key, 'holds a private key but no certificate'],
    ['an encrypted key', () => `${encrypted()}\n${certificate}`, 'is encrypted with a password'],
    ['another key', () => `${key}\n${otherCertificate}`, 'does not belong to its certificate'],
    ['an elliptic key', () => ecPem, 'holds a key that is not RSA'],
    ['a damaged key', () => `${key.slice(0, 100)}${key.slice(120)}\n${certificate}`, 'is a PEM that is damaged'],
    ['a cut PEM', () => key.slice(0, 200), 'is not a PEM'],
    ['a path', () => 'certificates/app.pem', 'is not a PEM'],
    ['a thumbprint', () => '0123456789ABCDEF0123456789ABCDEF01234567', 'is not a PEM'],
  ];

  it.each(cases)('%s has a message of its own', (_, text, words) => {
    const problems = problemsOf(withCertificate(text()));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`- CLIENT_CERTIFICATE: `);
    expect(problems[0]).toContain(words);
    expect(problems[0]).toContain('expected a PEM with certificate and private key. ');
  });
});
