import { readFileSync } from 'node:fs';

const suffix = '_FILE';

/** The variable whose value is in the file that this one names, by its name: `OPS_TOKEN` of `OPS_TOKEN_FILE`. */
export function variableOfFile(name: string): string | undefined {
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : undefined;
}

/**
 * The value of a variable, or what is in the file that `NAME_FILE` names: a secret that Docker or Kubernetes mounts is in no
 * environment, which `docker inspect` and every child process would show. One line break at its end is not part of it.
 *
 * @returns undefined where neither is set, or set to nothing
 * @throws Error of a few words when both are set, or the file cannot be read; its content is never told
 */
export function valueOf(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const value = env[name] || undefined;
  const file = env[`${name}${suffix}`] || undefined;
  if (file === undefined) return value;
  if (value !== undefined) throw new Error(`${name} and ${name}${suffix} are both set: one of them is expected`);
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined;
  } catch (error) {
    throw new Error(`${name}${suffix} names a file that cannot be read: ${(error as { code?: string }).code}`, {
      cause: error,
    });
  }
}
