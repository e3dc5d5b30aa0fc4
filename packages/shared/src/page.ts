import type { ServerResponse } from 'node:http';
import { join } from 'node:path';

/** Scripts and styles that every page of Turno's own uses. Beside `src` and `dist` alike. */
export const commonPageFolder = join(import.meta.dirname, '../page');

type Headers = Readonly<Record<string, string>>;

/**
 * On every answer, whatever it is: a browser takes it for what it says it is, runs nothing of it, and shows it in nobody's
 * frame. A page says over it what it needs.
 */
export const answerHeaders: Headers = {
  'Content-Security-Policy': policy({}),
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Of a page that is read and runs nothing. */
export const textPageHeaders: Headers = headersOfPage({ 'style-src': "'self'", 'img-src': "'self'" });

/** With these a page runs what its own server serves and nothing else, and no text becomes HTML or a script in it. */
export const pageHeaders: Headers = headersOfPage({
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
});

/** The headers of a page that may do what `allowed` says beyond nothing, by directives of its security policy. */
export function headersOfPage(allowed: Headers): Headers {
  return {
    ...answerHeaders,
    'Content-Security-Policy': policy(allowed),
    'Cross-Origin-Opener-Policy': 'same-origin',
    // None of our pages asks for any of these; so nothing that got into one can.
    'Permissions-Policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  };
}

function policy(allowed: Headers): string {
  const nothing = {
    'default-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  return Object.entries({ ...nothing, ...allowed })
    .map(([directive, value]) => `${directive} ${value}`)
    .join('; ');
}

const onEveryAnswer = Object.entries(answerHeaders);

/** Puts {@link answerHeaders} on an answer that has not begun: the same few strings each time. */
export function secureAnswer(response: ServerResponse): void {
  for (const [name, value] of onEveryAnswer) response.setHeader(name, value);
}
