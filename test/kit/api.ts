import http from 'node:http';

const SILENT = /^\/(?:health|metrics)\b/;

/** Whether the service logs requests for this path. */
export const isLogged = (path: string): boolean => !SILENT.test(path);

/** Is informed of every request and answer. */
export interface Witness {
  addRequest(request: {
    readonly path: string;
    readonly headers: http.OutgoingHttpHeaders;
    readonly body: string | undefined;
  }): void;
  addAnswer(body: string): void;
}

let witness: Witness | undefined;

/** The witness of all requests from now on, of any `Api`. */
export function witnessedBy(one: Witness): void {
  witness = one;
}

/** An answer of the service. */
export interface Answer<Body = AnyBody> {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Undefined if it has none (204). */
  readonly body: Body;
}

export interface Ticket {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  readonly status: string;
}

export interface WaitingEntry {
  readonly id: string;
  readonly userId: string;
  readonly quantity: number;
  readonly position: number | null;
  readonly status: string;
}

/** Fields that the tests read; each answer has some of them. */
export interface AnyBody {
  readonly id: string;
  readonly code: string;
  readonly detail: string;
  readonly waitlisted: boolean;
  readonly bookingId: string;
  readonly ticket: Ticket;
  readonly tickets: readonly Ticket[];
  readonly waitingEntry: WaitingEntry;
  readonly totalTickets: number;
  readonly availableTickets: number;
  readonly bookedTickets: number;
  readonly waitingListCount: number;
  readonly bookingCount: number;
  readonly version: number;
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
}

const REQUEST_MS_MAX = 60_000;

/** The service over real HTTP, with as many connections as there are concurrent requests. */
export class Api {
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });

  /** Ids of answered requests that must be in the log. */
  readonly loggedRequests: string[] = [];

  /** @param always headers of every request, such as a key */
  constructor(
    readonly baseUrl: string,
    private readonly always: http.OutgoingHttpHeaders = {},
  ) {}

  /** Creates an event and returns its id. */
  async open(totalTickets: number, name = 'First night'): Promise<string> {
    const answer = await this.post('/initialize', { name, totalTickets });
    if (answer.status !== 201) throw new Error(`initialize: ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  }

  book(eventId: string, identifier: string, more: object = {}): Promise<Answer> {
    return this.post('/book', { eventId, identifier, ...more });
  }

  cancel(eventId: string, identifier: string, more: object = {}): Promise<Answer> {
    return this.post('/cancel', { eventId, identifier, ...more });
  }

  status(eventId: string): Promise<Answer> {
    return this.send('GET', `/status/${eventId}`);
  }

  /** @throws {Error} if the service's audit finds a counter that differs from its rows */
  async audit(eventId: string): Promise<void> {
    const { status, body } = await this.get<{ readonly consistent: boolean }>(
      `/v1/events/${eventId}/audit`,
    );
    if (status !== 200 || !body.consistent) throw new Error(`audit: ${JSON.stringify(body)}`);
  }

  get<Body = AnyBody>(path: string): Promise<Answer<Body>> {
    return this.send<Body>('GET', path);
  }

  post<Body = AnyBody>(
    path: string,
    body: object = {},
    headers: http.OutgoingHttpHeaders = {},
  ): Promise<Answer<Body>> {
    return this.send<Body>('POST', path, JSON.stringify(body), headers);
  }

  patch<Body = AnyBody>(
    path: string,
    body: object,
    headers: http.OutgoingHttpHeaders = {},
  ): Promise<Answer<Body>> {
    return this.send<Body>('PATCH', path, JSON.stringify(body), headers);
  }

  delete<Body = AnyBody>(
    path: string,
    headers: http.OutgoingHttpHeaders = {},
  ): Promise<Answer<Body>> {
    return this.send<Body>('DELETE', path, undefined, headers);
  }

  /** @throws {Error} if no complete answer came; the request may have taken effect */
  send<Body = AnyBody>(
    method: string,
    path: string,
    body?: string,
    more: http.OutgoingHttpHeaders = {},
  ): Promise<Answer<Body>> {
    const type = body !== undefined && { 'Content-Type': 'application/json' };
    const headers = { ...type, ...this.always, ...more };
    witness?.addRequest({ path, headers, body });
    return new Promise((resolve, reject) => {
      const url = new URL(path, this.baseUrl);
      const options = { method, headers, agent: this.agent, timeout: REQUEST_MS_MAX };
      const request = http.request(url, options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: received } = response;
          witness?.addAnswer(text);
          if (isLogged(path)) this.loggedRequests.push(String(received['x-request-id']));
          resolve({ status, headers: received, body: parse(text) as Body });
        });
      });
      request.on('timeout', () => request.destroy(new Error('no answer within a minute')));
      request.on('error', reject);
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

const parse = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));
