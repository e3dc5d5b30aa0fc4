import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a server that listens there is reached from its own machine alone. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host === 'localhost';
  return loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Whether the page that asks, if a page does, is of the very server that it asks. Browsers say so, which a page cannot forge;
 * other programs say nothing, and pass.
 */
export function isOfThisSite({ host, origin, 'sec-fetch-site': site = 'none' }: IncomingHttpHeaders): boolean {
  if (site !== 'same-origin' && site !== 'none') return false;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

/** Whether the body says that it is JSON, which no form can send, and no page to another site without asking that site first. */
export function isJson({ 'content-type': type = '' }: IncomingHttpHeaders): boolean {
  return /^application\/json\s*(;|$)/i.test(type);
}

/**
 * Whether another site's page makes the browser read something, as by an image or a frame. That a link there leads here is
 * no such thing.
 */
export function isDrawnIn(headers: IncomingHttpHeaders): boolean {
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !isLink && !isOfThisSite(headers);
}

/**
 * Whether the server was asked for by an address, or by a name that nobody out there can have: a name with a dot may be
 * another site's that leads to this machine, whose page then counts as this server's own (DNS rebinding).
 */
export function isPrivateName({ host }: IncomingHttpHeaders): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isIP(name) !== 0 || !name.includes('.') || name.endsWith('.localhost');
}
