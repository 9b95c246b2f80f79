import { Injectable } from '@nestjs/common';
import { ByLabels } from '../observing/by-labels.js';
import { Distribution, SECONDS } from '../observing/distribution.js';

/** How long requests took, in seconds, by method, route and status. */
@Injectable()
export class RequestTimes extends ByLabels<Distribution> {
  constructor() {
    super(() => new Distribution(SECONDS));
  }
}
