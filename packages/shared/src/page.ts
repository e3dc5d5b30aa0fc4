import { join } from 'node:path';

/** Scripts and styles that every page of Turno's own uses. Beside `src` and `dist` alike. */
export const commonPageFolder = join(import.meta.dirname, '../page');

/** With these a page runs what its own server serves and nothing else, and no text becomes HTML or a script in it. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};
