import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@turno/shared';
import type { SmsTemplate } from '../domain/sms-template.ts';
import { BadTemplate, templateOf } from './template-file.ts';

const ownFolder = fileURLToPath(new URL('../../templates/', import.meta.url));
const extensions = new Set(['.yaml', '.yml']);

/**
 * Reads a template of each language: those that come with the service, and those of a folder of the operator's, which add to
 * them or replace the one of the same name. A file is named after its language: `pt-BR.yaml`.
 *
 * @throws ConfigError with a line per mistake: `/etc/turno/pt-BR.yaml:3:13 wait_range: the placeholder {high} is missing`
 */
export async function readTemplates(operatorsFolder?: string): Promise<SmsTemplate[]> {
  const own = await readFolder(ownFolder);
  const operators = operatorsFolder === undefined ? [] : await readFolder(operatorsFolder);
  return [...new Map([...own, ...operators].map((template) => [template.language, template])).values()];
}

async function readFolder(folder: string): Promise<SmsTemplate[]> {
  const names = (await filesIn(folder)).filter((name) => extensions.has(extname(name))).toSorted();
  if (names.length === 0) throw wrong([`${folder} has no template: files such as pt-BR.yaml are expected`]);
  const mistakes: string[] = [];
  const templates: SmsTemplate[] = [];
  for (const name of names) {
    const file = join(folder, name);
    try {
      templates.push(templateOf(await readFile(file, 'utf8'), basename(name, extname(name)), file));
    } catch (error) {
      if (!(error instanceof BadTemplate)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  if (mistakes.length > 0) throw wrong(mistakes);
  return templates;
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw wrong([`${folder} cannot be read: ${(error as NodeJS.ErrnoException).code}`]);
  }
}

function wrong(lines: readonly string[]): ConfigError {
  return new ConfigError(`The templates of the SMS are wrong:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
