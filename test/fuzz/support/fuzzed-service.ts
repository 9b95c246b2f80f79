import type { OpenApiDocument } from '../../../src/platform/openapi/document.js';
import { Api, ServiceProcess } from '../../kit/index.js';
import { makeKey } from '../../kit/keys.js';
import { Campaign, type Plan } from './campaign.js';

/** A service, and the requests that it will get. */
export interface FuzzedService {
  readonly service: ServiceProcess;
  /** An API client for each of two organisers. */
  readonly organisers: readonly Api[];
  /** Keys, which must not appear in the log. */
  readonly secrets: readonly string[];
  readonly campaign: Campaign;
}

/** Starts a service that requires keys; an open one would skip keys, scopes and ownership. */
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
