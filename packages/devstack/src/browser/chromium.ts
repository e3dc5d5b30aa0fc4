import { join } from 'node:path';
import { ensureDebianRoot } from '../debian/install.ts';
import { contextWithoutStack } from '../debian/without-stack.ts';
import { findProgram } from '../steps/host.ts';
import { Unavailable } from '../steps/step.ts';
import { chromiumRecipe, runChromium } from './debian-chromium.ts';

/** A Chromium to launch, in the words of Playwright's launch options. */
export interface Chromium {
  readonly executablePath: string;
  /** Whether its sandbox can be had: not as root, who may not run it in one. */
  readonly chromiumSandbox: boolean;
}

const names = ['chromium', 'chromium-headless-shell', 'google-chrome', 'chromium-browser'];

const waysOut =
  'Ways out: name a Chromium in CHROMIUM_PATH, install chromium, or run as root on Debian, with the right to mount.';

/**
 * A Chromium for specs: the one that `CHROMIUM_PATH` names, else this host's, else Debian's in a root file system of its own
 * below the cache, installed now (half a minute, 650 MB) unless it is there. `TURNO_DEVSTACK=debian` leaves only Debian's.
 *
 * @throws when there is none to be had; the message names the ways out
 */
export async function chromiumForTest(environment: NodeJS.ProcessEnv = process.env): Promise<Chromium> {
  const named = environment['CHROMIUM_PATH'];
  if (named) return ofHost(named);
  const found = environment['TURNO_DEVSTACK'] === 'debian' ? undefined : findOnHost(environment['PATH']);
  if (found) return ofHost(found);
  try {
    const root = await ensureDebianRoot(contextWithoutStack('chromium', environment), chromiumRecipe);
    // The program that enters the root drops the sandbox itself where the kernel has none for it.
    return { executablePath: join(root, runChromium), chromiumSandbox: true };
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    throw new Error(`No Chromium can be had here: ${error.message}\n${waysOut}`, { cause: error });
  }
}

function findOnHost(path: string | undefined): string | undefined {
  return names.map((name) => findProgram(name, path)).find((program) => program !== undefined);
}

function ofHost(executablePath: string): Chromium {
  return { executablePath, chromiumSandbox: process.getuid?.() !== 0 };
}
