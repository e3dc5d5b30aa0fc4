import { constants, generateKeyPairSync, privateEncrypt } from 'node:crypto';
import { rmSync, mkdtempSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';

/** A certificate and its key, in PEM, and the files that they are in. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** In PEM. */
interface Keys {
  readonly publicKey: string;
  readonly privateKey: string;
}

const dayMs = 86_400_000;
/** Of all that are certified: keys are what takes time, and whose they are is in the certificate. */
let commonKeys: Keys | undefined;

/** An authority of a test's own, which signs certificates. All of it is in a folder that `dispose` removes. */
export class TestAuthority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'turno-tls-'));
  readonly #name: forge.pki.CertificateField[];
  readonly #signing: Keys;
  readonly #own: Certified;
  #serial = 1;

  constructor(name: string) {
    this.#name = [{ shortName: 'CN', value: name }];
    this.#signing = newKeys();
    this.#own = this.#certify(this.#signing, this.#name, [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ]);
  }

  /** The file to trust it by. */
  get caFile(): string {
    return this.#own.certFile;
  }

  get ca(): string {
    return this.#own.cert;
  }

  /** For a server of this name or address, or for a client. */
  certify(host: string): Certified {
    const altName = isIP(host) ? { type: 7, ip: host } : { type: 2, value: host };
    commonKeys ??= newKeys();
    return this.#certify(
      commonKeys,
      [{ shortName: 'CN', value: host }],
      [
        { name: 'basicConstraints', cA: false },
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
        { name: 'subjectAltName', altNames: [altName] },
      ],
    );
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #certify(keys: Keys, subject: forge.pki.CertificateField[], extensions: object[]): Certified {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
    certificate.serialNumber = String(this.#serial++).padStart(2, '0');
    certificate.validity.notBefore = new Date(Date.now() - dayMs);
    certificate.validity.notAfter = new Date(Date.now() + dayMs);
    certificate.setSubject(subject);
    certificate.setIssuer(this.#name);
    certificate.setExtensions(extensions);
    certificate.sign(signerWith(this.#signing), forge.md.sha256.create());
    const [cert, key] = [forge.pki.certificateToPem(certificate), keys.privateKey];
    const base = join(this.#folder, certificate.serialNumber);
    writeFileSync(`${base}.crt`, cert);
    writeFileSync(`${base}.key`, key, { mode: 0o600 });
    return { cert, key, certFile: `${base}.crt`, keyFile: `${base}.key` };
  }
}

function newKeys(): Keys {
  return generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

/** What says, before a digest, that it is one of SHA-256: RFC 8017, section 9.2. */
const isSha256 = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** Node.js does in a millisecond what the library would take two seconds for under Jest. */
function signerWith({ privateKey }: Keys): forge.pki.rsa.PrivateKey {
  const sign = (digested: forge.md.MessageDigest): string => {
    const digest = Buffer.from(digested.digest().getBytes(), 'latin1');
    const padded = { key: privateKey, padding: constants.RSA_PKCS1_PADDING };
    return privateEncrypt(padded, Buffer.concat([isSha256, digest])).toString('latin1');
  };
  return { sign } as unknown as forge.pki.rsa.PrivateKey;
}
