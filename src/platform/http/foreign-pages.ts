import type { IncomingMessage } from 'node:http';
import type { onRequestHookHandler } from 'fastify';
import { bareHostName, hostNameOf, isLoopback } from '../common/index.js';
import type { Config } from '../config/index.js';
import { DomainError } from '../errors/index.js';

/** Hosts that are remembered as allowed; a client can vary the port and the spelling. */
const REMEMBERED_MAX = 100;

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Pages of extensions and files have other schemes, and hosts that mean nothing. */
const WEB_ORIGIN = /^https?:\/\//i;

/** The browser's word for a page of this origin, and for the user's own doing. */
const OWN_SITES: ReadonlySet<string | undefined> = new Set([undefined, 'same-origin', 'none']);

/**
 * Load balancers address instances by numbers that nobody can list, and these routes show nothing. Named
 * by their route, because a path can be spelled in many ways.
 */
const HEALTH_CHECK = /^\/health(?:\/|$)/;

/**
 * Without API keys, a browser on this machine or network would do whatever a page of any site asks. It
 * tells by Host which name led it here, which is the page's own after DNS rebinding; and by Origin and
 * Sec-Fetch-Site which page asked.
 *
 * @throws {DomainError} `host_not_allowed`, `cross_origin_request`
 */
export function refuseForeignPages(
  config: Pick<Config, 'HOST' | 'ALLOWED_HOSTS'>,
): onRequestHookHandler {
  const isAllowed = hostCheck(
    new Set([bareHostName(config.HOST), ...(config.ALLOWED_HOSTS ?? [])]),
  );
  return (request, _reply, done) => {
    const { raw } = request;
    if (!hostsOf(raw).every(isAllowed) && !HEALTH_CHECK.test(request.routeOptions.url ?? '')) {
      return done(new DomainError('host_not_allowed'));
    }
    const isRefused = !SAFE_METHODS.has(raw.method!) && comesFromForeignPage(raw);
    return done(isRefused ? new DomainError('cross_origin_request') : undefined);
  };
}

/** Host, which HTTP/1.0 may lack as no browser does; and the host of a target like `GET http://host/path`. */
function hostsOf({ headers, url = '' }: IncomingMessage): readonly string[] {
  const hosts = headers.host === undefined ? [] : [headers.host];
  if (url.startsWith('/') || !URL.canParse(url)) return hosts;
  return [...hosts, new URL(url).host];
}

/** Parses a spelling once: browsers and shops send the same one each time. */
function hostCheck(names: ReadonlySet<string | undefined>): (host: string) => boolean {
  const remembered = new Set<string>();
  return (host) => {
    if (remembered.has(host)) return true;
    const name = hostNameOf(host);
    if (name === undefined || !(isLoopback(name) || names.has(name))) return false;
    if (remembered.size < REMEMBERED_MAX) remembered.add(host);
    return true;
  };
}

function comesFromForeignPage({ headers }: IncomingMessage): boolean {
  if (!OWN_SITES.has(headers['sec-fetch-site'])) return true;
  return headers.origin !== undefined && !isOriginOf(headers.host ?? '', headers.origin);
}

/** A proxy may drop the port from Host, or add the default one. A browser leaves out only the default one. */
function isOriginOf(host: string, origin: string): boolean {
  if (!WEB_ORIGIN.test(origin) || !URL.canParse(origin)) return false;
  const { protocol, host: withPort, hostname } = new URL(origin);
  const asked = `${protocol}//${host}`;
  if (!URL.canParse(asked)) return false;
  return host.toLowerCase() === hostname || new URL(asked).host === withPort;
}
