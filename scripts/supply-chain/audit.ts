// `npm run audit`: known holes of what is installed, where the registry answers that question.
import { pnpm } from './pnpm.ts';

/** What pnpm says when the registry, and not a package, is at fault. */
const unanswered =
  /ERR_PNPM_AUDIT_(?:BAD_RESPONSE|ENDPOINT_NOT_EXISTS)|ERR_PNPM_(?:META_)?FETCH|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|error sending request/;

const { status, stdout, stderr } = pnpm('audit', '--audit-level', 'high', ...process.argv.slice(2));
if (status !== 0 && unanswered.test(stdout + stderr)) {
  console.log('NOT AUDITED: the registry does not answer which of the packages have known holes.');
  console.log('Run this where it does, before a release: nothing is known about holes here, good or bad.');
} else {
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}
