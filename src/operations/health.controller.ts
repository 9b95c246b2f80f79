import { Controller, Get } from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import { DomainError, Public } from '../platform/index.js';
import { type Check, Readiness } from './readiness.js';

@SkipThrottle()
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** For people: all at a glance, always 200. */
  @Get()
  async summary(): Promise<{
    status: 'ok' | 'degraded';
    uptimeSeconds: number;
    checks: Record<string, Check>;
  }> {
    const { ready, checks } = await this.readiness.check();
    const uptimeSeconds = Math.floor(process.uptime());
    return { status: ready ? 'ok' : 'degraded', uptimeSeconds, checks };
  }

  /** For the supervisor: restart me if this does not answer. Knows nothing of the database. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** For the load balancer: send me requests while this is 200. */
  @Get('ready')
  async ready(): Promise<{ status: 'ok'; checks: Record<string, Check> }> {
    const { ready, checks } = await this.readiness.check();
    if (ready) return { status: 'ok', checks };
    const detail = 'This instance cannot serve requests now.';
    const options = { extensions: { checks }, retryAfterSeconds: 1 };
    throw new DomainError('unavailable', 'not_ready', detail, options);
  }
}
