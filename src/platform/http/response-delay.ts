import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

interface Delayed extends ServerResponse {
  /** How long its request waited before Fastify received it. */
  waitedMs?: number;
}

export function noteWait(response: ServerResponse, waitedMs: number): void {
  (response as Delayed).waitedMs = waitedMs;
}

/** From the arrival of the request. */
export const elapsedMs = (reply: FastifyReply): number =>
  reply.elapsedTime + ((reply.raw as Delayed).waitedMs ?? 0);
