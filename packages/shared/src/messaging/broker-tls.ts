import { readFileSync } from 'node:fs';
import { brokerFiles } from '../addresses.ts';

type Part = keyof typeof brokerFiles;

/**
 * An address of the broker, taken apart into what amqplib understands: the address, and for TLS the contents of the files that it
 * names. They are in arrays, which amqplib hands to every connection that it opens: `renew` reads them again, so that a certificate
 * that was replaced is there at the next one.
 */
export interface BrokerEndpoint {
  readonly url: string;
  readonly tls: Partial<Record<Part, Buffer[]>>;
  /** A file that cannot be read now, as while it is replaced, stays as it was. */
  renew: () => void;
}

/** @throws when a file cannot be read */
export function brokerEndpoint(address: string): BrokerEndpoint {
  const url = new URL(address);
  const files = Object.entries(brokerFiles).flatMap(([part, parameter]) => {
    const path = url.searchParams.get(parameter);
    url.searchParams.delete(parameter);
    return path === null ? [] : [{ part, path, contents: [readContents(path)] }];
  });
  return {
    url: url.href,
    tls: Object.fromEntries(files.map(({ part, contents }) => [part, contents])),
    renew: () => {
      for (const { path, contents } of files) contents[0] = readAgain(path, contents[0]!);
    },
  };
}

function readContents(path: string): Buffer {
  return readFileSync(path);
}

function readAgain(path: string, known: Buffer): Buffer {
  try {
    return readContents(path);
  } catch {
    return known;
  }
}
