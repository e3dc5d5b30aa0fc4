import { generateKeyPairSync } from 'node:crypto';
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

const dayMs = 86_400_000;
/** Of all that are certified: keys are what takes time, and whose they are is in the certificate. */
let commonKeys: forge.pki.rsa.KeyPair | undefined;

/** An authority of a test's own, which signs certificates. All of it is in a folder that `dispose` removes. */
export class TestAuthority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'turno-tls-'));
  readonly #name: forge.pki.CertificateField[];
  readonly #signing: forge.pki.rsa.KeyPair;
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

  #certify(keys: forge.pki.rsa.KeyPair, subject: forge.pki.CertificateField[], extensions: object[]): Certified {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = keys.publicKey;
    certificate.serialNumber = String(this.#serial++).padStart(2, '0');
    certificate.validity.notBefore = new Date(Date.now() - dayMs);
    certificate.validity.notAfter = new Date(Date.now() + dayMs);
    certificate.setSubject(subject);
    certificate.setIssuer(this.#name);
    certificate.setExtensions(extensions);
    certificate.sign(this.#signing.privateKey, forge.md.sha256.create());
    const [cert, key] = [forge.pki.certificateToPem(certificate), forge.pki.privateKeyToPem(keys.privateKey)];
    const base = join(this.#folder, certificate.serialNumber);
    writeFileSync(`${base}.crt`, cert);
    writeFileSync(`${base}.key`, key, { mode: 0o600 });
    return { cert, key, certFile: `${base}.crt`, keyFile: `${base}.key` };
  }
}

/** Made by Node.js, which takes a tenth of the time. */
function newKeys(): forge.pki.rsa.KeyPair {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const key = forge.pki.privateKeyFromPem(privateKey);
  return { privateKey: key, publicKey: forge.pki.setRsaPublicKey(key.n, key.e) };
}
