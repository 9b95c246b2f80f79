import { Controller, Get } from '@nestjs/common';
import { ApiResult, ApiRefusals } from '../platform/schema/index.js';
import { DomainError } from '../platform/errors/index.js';
import { LimitSharing } from '../platform/rate-limiting/index.js';
import { Public, Unlimited } from '../platform/http/index.js';
import { HealthResponse, LiveResponse, ReadyResponse } from './health.dto.js';
import { Readiness } from './readiness.js';

@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly limits: LimitSharing,
  ) {}

  /** For people: all at a glance, always 200. */
  @Get()
  @Unlimited()
  @ApiResult(HealthResponse, {
    id: 'health',
    summary: 'For people: all at a glance, always 200',
  })
  async summary(): Promise<HealthResponse> {
    const { ready, checks } = await this.readiness.check();
    const uptimeSeconds = Math.floor(process.uptime());
    const status = ready ? 'ok' : 'degraded';
    return { status, uptimeSeconds, checks: { ...checks, rateLimits: this.limits.mode } };
  }

  /** For the supervisor: restart me if this does not answer. Knows nothing of the database. */
  @Get('live')
  @Unlimited()
  @ApiResult(LiveResponse, {
    id: 'isAlive',
    summary: 'For the supervisor: restart me if this does not answer',
  })
  live(): LiveResponse {
    return { status: 'ok' };
  }

  /** For the load balancer: send me requests while this is 200. */
  @Get('ready')
  @Unlimited()
  @ApiResult(ReadyResponse, {
    id: 'isReady',
    summary: 'For the load balancer: send me requests while this is 200',
  })
  @ApiRefusals('not_ready')
  async ready(): Promise<ReadyResponse> {
    const { ready, checks } = await this.readiness.check();
    if (ready) return { status: 'ok', checks };
    throw new DomainError('not_ready', { extensions: { checks }, retryAfterSeconds: 1 });
  }
}
