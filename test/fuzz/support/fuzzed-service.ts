import type { OpenApiDocument } from '../../../src/platform/openapi/document.js';
import { Api, ServiceProcess } from '../../kit/index.js';
import { makeKey } from '../../kit/keys.js';
import { Campaign, type Plan } from './campaign.js';

/** A service, and what is about to be done to it. */
export interface FuzzedService {
  readonly service: ServiceProcess;
  /** The service as each of two organisers speaks with it. */
  readonly organisers: readonly Api[];
  /** Keys, none of which the log may know. */
  readonly secrets: readonly string[];
  readonly campaign: Campaign;
}

/**
 * Starts a service that asks for keys: an open one has less to it, for it passes over keys, scopes and
 * whose event it is.
 */
export async function startFuzzed(
  databaseUrl: string,
  plan: Plan,
  environment: NodeJS.ProcessEnv = {},
): Promise<FuzzedService> {
  const own = [await makeKey(databaseUrl, 'Theatre'), await makeKey(databaseUrl, 'Opera')];
  const narrow = await makeKey(databaseUrl, 'Theatre', ['waitlist:read']);
  const service = await ServiceProcess.start({
    DATABASE_URL: databaseUrl,
    AUTH_MODE: 'keys',
    LOG_LEVEL: 'info',
    ...environment,
  });
  const { baseUrl } = service.api;
  const organisers = own.map((key) => new Api(baseUrl, { Authorization: `Bearer ${key}` }));
  const { body: document } = await service.api.get<OpenApiDocument>('/openapi.json');
  const campaign = new Campaign(organisers, document, { organisers: own, narrow }, plan);
  return { service, organisers, secrets: [...own, narrow], campaign };
}
