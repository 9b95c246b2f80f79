import { Injectable } from '@nestjs/common';
import { newHistogram, SECONDS_BUCKETS } from '../observability/index.js';

/** The durations of all requests, for the metrics. */
@Injectable()
export class RequestTimes {
  readonly histogram = newHistogram({
    name: 'rowlock_http_request_duration_seconds',
    help: 'Time from the arrival of a request until its response was sent, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS_BUCKETS,
  });

  observe(
    labels: { readonly method: string; readonly route: string; readonly status: number },
    seconds: number,
  ): void {
    this.histogram.observe(labels, seconds);
  }
}
