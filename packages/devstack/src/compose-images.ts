import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface ComposeFile {
  readonly services?: Readonly<Record<string, { readonly image?: string } | undefined>>;
}

/** The images docker-compose.yml runs RabbitMQ and MongoDB from: the one place that names them. Throws if it names none. */
export function readComposeImages(checkout: string): { rabbitmq: string; mongo: string } {
  const file = join(checkout, 'docker-compose.yml');
  const { services } = parse(readFileSync(file, 'utf8')) as ComposeFile;
  const imageOf = (service: string) => {
    const image = services?.[service]?.image;
    if (!image) throw new Error(`${file} names no image for the service ${service}`);
    return image;
  };
  return { rabbitmq: imageOf('rabbitmq'), mongo: imageOf('mongo') };
}
