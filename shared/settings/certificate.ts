import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import * as z from 'zod';
import { reject } from './values.ts';

const expected = 'a PEM with certificate and private key';
const exportAsPem =
  'In Key Vault, create the certificate with content type PEM and refer to its secret; or convert the file with: openssl pkcs12 -in file.pfx -nodes.';

/**
 * A PEM with an RSA private key and its certificate, in the form that @azure/identity reads: the key, the certificate of that
 * key, then the others; line breaks restored where the portal or JSON has taken them.
 */
export const pemWithKey = z.string().transform((text, context): string => {
  const pem = unpack(text);
  const wrong = (what: string, remedy: string) => reject(context, what, expected, remedy);
  if (pem === 'pfx') return wrong('is a PFX (PKCS #12), as Key Vault hands out certificates', exportAsPem);
  if (pem === 'der') return wrong('is a certificate in DER form, without its private key', exportAsPem);
  const blocks = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)].map(toBlock);
  const keys = blocks.filter((block) => block.label.endsWith('PRIVATE KEY'));
  const certificates = blocks.filter((block) => block.label === 'CERTIFICATE');
  if (blocks.length === 0)
    return wrong('is not a PEM', 'Put the whole text, from the first -----BEGIN to the last END.');
  if (keys.length === 0) return wrong('holds a certificate but no private key', exportAsPem);
  if (certificates.length === 0) {
    return wrong(
      'holds a private key but no certificate',
      'Add the certificate that is uploaded to the app registration.',
    );
  }
  if (keys.some((key) => key.encrypted)) {
    return wrong('holds a private key that is encrypted with a password', 'Export the key without a password.');
  }
  const readKeys = keys.map((block) => ({
    block,
    key: quietly(() => createPrivateKey(block.pem)),
  }));
  const readCertificates = certificates.map((block) => ({
    block,
    x509: quietly(() => new X509Certificate(block.pem)),
  }));
  if (readKeys.some(({ key }) => key === undefined) || readCertificates.some(({ x509 }) => x509 === undefined)) {
    return wrong('is a PEM that is damaged', 'Copy it again, whole; line breaks may stand as \\n.');
  }
  const pair = readKeys
    .flatMap(({ block, key }) => readCertificates.map((certificate) => ({ block, key, certificate })))
    .find(({ key, certificate }) => key !== undefined && certificate.x509?.checkPrivateKey(key));
  if (pair === undefined) {
    return wrong('holds a private key that does not belong to its certificate', 'Put the two that belong together.');
  }
  if (!isRsa(pair.key)) return wrong('holds a key that is not RSA', 'Entra ID accepts RSA certificates: create one.');
  const others = certificates.filter((block) => block !== pair.certificate.block);
  return [pair.block, pair.certificate.block, ...others].map((block) => block.pem).join('');
});

interface Block {
  readonly label: string;
  readonly pem: string;
  readonly encrypted: boolean;
}

function toBlock(match: RegExpMatchArray): Block {
  const label = match[1] ?? '';
  const body = match[2] ?? '';
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return {
    label,
    pem: `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`,
    encrypted: label.startsWith('ENCRYPTED') || body.includes('ENCRYPTED'),
  };
}

function isRsa(key: KeyObject | undefined): boolean {
  return key?.asymmetricKeyType === 'rsa';
}

/** The PEM in whichever wrapping it came, or what it is instead. */
function unpack(text: string): string | 'pfx' | 'der' {
  const plain = text.replaceAll('\\r', '').replaceAll('\\n', '\n');
  if (plain.includes('-----BEGIN')) return plain;
  const packed = plain.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]+=*$/.test(packed)) return '';
  const bytes = Buffer.from(packed, 'base64');
  const inner = bytes.toString('latin1');
  if (inner.includes('-----BEGIN')) return unpack(inner);
  if (bytes[0] !== 0x30) return '';
  return bytes.subarray(0, 64).includes(pkcs7Data) ? 'pfx' : 'der';
}

/** The object identifier 1.2.840.113549.1.7.1, near the start of every PFX. Source: RFC 7292, section 4. */
const pkcs7Data = Buffer.from('2a864886f70d010701', 'hex');

/** Node's own message about a broken key is of no use to an operator and may repeat a part of it. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
