import { Controller, Get } from '@nestjs/common';
import { DomainError, LimitSharing, Public, Unlimited } from '../platform/index.js';
import { type Check, Readiness } from './readiness.js';

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
  async summary(): Promise<{
    status: 'ok' | 'degraded';
    uptimeSeconds: number;
    checks: Record<string, string>;
  }> {
    const { ready, checks } = await this.readiness.check();
    const uptimeSeconds = Math.floor(process.uptime());
    const status = ready ? 'ok' : 'degraded';
    return { status, uptimeSeconds, checks: { ...checks, rateLimits: this.limits.mode } };
  }

  /** For the supervisor: restart me if this does not answer. Knows nothing of the database. */
  @Get('live')
  @Unlimited()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** For the load balancer: send me requests while this is 200. */
  @Get('ready')
  @Unlimited()
  async ready(): Promise<{ status: 'ok'; checks: Record<string, Check> }> {
    const { ready, checks } = await this.readiness.check();
    if (ready) return { status: 'ok', checks };
    const detail = 'This instance cannot serve requests now.';
    const options = { extensions: { checks }, retryAfterSeconds: 1 };
    throw new DomainError('unavailable', 'not_ready', detail, options);
  }
}
