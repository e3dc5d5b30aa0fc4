import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A file in PEM that `check` accepts; it throws where it does not. */
const pemFile = (what: string, check: (pem: Buffer) => unknown) =>
  z.string().superRefine((path, context) => {
    try {
      check(readFileSync(path));
    } catch (error) {
      const { code = '' } = error as { code?: string };
      const why = /^E[A-Z]+$/.test(code) ? `the file cannot be read (${code})` : 'something else is in the file';
      context.addIssue({ code: 'custom', message: `${why}; ${what} in PEM is expected` });
    }
  });

/** The name of a file with certificates, whose beginning is looked at. */
export const certificateFile = pemFile('a certificate', (pem) => new X509Certificate(pem));

export const privateKeyFile = pemFile('a private key without a passphrase', (pem) => createPrivateKey(pem));
