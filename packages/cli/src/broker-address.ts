import { brokerAddress, brokerTlsIsWhole, brokerVariables, readConfig } from '@turno/shared';
import { z } from 'zod';

/** Where the environment says that the broker is, with the files for TLS. @throws ConfigError naming what is wrong */
export function readBrokerAddress(env: NodeJS.ProcessEnv = process.env): string {
  return brokerAddress(readConfig(z.object(brokerVariables).check(brokerTlsIsWhole), env));
}
