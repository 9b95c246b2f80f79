import { Controller, Get } from '@nestjs/common';
import { ApiResult, ApiRefusals } from '../platform/schema/index.js';
import { DomainError } from '../platform/errors/index.js';
import { LimitSharing } from '../platform/rate-limiting/index.js';
import { Public, Unlimited } from '../platform/http/index.js';
import { ClockDifference } from './clock-difference.js';
import { DatabaseHost } from '../platform/database/index.js';
import { HealthResponse, LiveResponse, ReadyResponse } from './health.dto.js';
import { Readiness } from './readiness.js';

@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly limits: LimitSharing,
    private readonly clocks: ClockDifference,
    private readonly database: DatabaseHost,
  ) {}

  @Get()
  @Unlimited()
  @ApiResult(HealthResponse, {
    id: 'health',
    summary: 'Human-readable overview: always 200',
  })
  async summary(): Promise<HealthResponse> {
    const { ready, checks } = await this.readiness.check();
    const uptimeSeconds = Math.floor(process.uptime());
    const status = ready ? 'ok' : 'degraded';
    const clockAheadMs = await this.clocks.ahead();
    return {
      status,
      uptimeSeconds,
      clockAheadMs,
      databaseHost: this.database.name,
      checks: { ...checks, rateLimits: this.limits.mode },
    };
  }

  /** Independent of the database: a restart would not help. */
  @Get('live')
  @Unlimited()
  @ApiResult(LiveResponse, {
    id: 'isAlive',
    summary: 'Liveness: restart the process if this fails',
  })
  live(): LiveResponse {
    return { status: 'ok' };
  }

  @Get('ready')
  @Unlimited()
  @ApiResult(ReadyResponse, {
    id: 'isReady',
    summary: 'Readiness: send requests only while this is 200',
  })
  @ApiRefusals('not_ready')
  async ready(): Promise<ReadyResponse> {
    const { ready, checks } = await this.readiness.check();
    const facts = { databaseHost: this.database.name, checks };
    if (ready) return { status: 'ok', ...facts };
    throw new DomainError('not_ready', { extensions: facts, retryAfterSeconds: 1 });
  }
}
