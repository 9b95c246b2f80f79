import {
  createConnection,
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseDatabaseUrl } from '../../src/platform/config/index.js';

/** An error that the proxy answers in the server's place; the server never sees the statement. */
export interface ServerError {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

type Harm =
  | { readonly kind: 'cut' }
  | { readonly kind: 'cut-answer' }
  | { readonly kind: 'stall' }
  | { readonly kind: 'cut-but-deliver'; readonly ms: number }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'alter'; readonly alter: (statement: string) => string }
  | { readonly kind: 'refuse'; readonly error: ServerError };

export interface FaultOptions {
  /** How often it happens; 1 by default. */
  readonly times?: number;
  /** Matching statements that pass unharmed before the first. */
  readonly skip?: number;
  /** Asked at each matching statement, for faults that happen by chance. */
  readonly strikes?: () => boolean;
  /** Called when it has happened, before the client can notice. */
  readonly afterwards?: () => void;
}

/** A planned fault; a test checks here whether it really happened. */
export class Fault {
  /** How often it has happened. */
  happened = 0;
  private left: number;
  private skip: number;
  private readonly strikes: () => boolean;

  constructor(
    readonly harm: Harm,
    private readonly at: RegExp,
    private readonly options: FaultOptions,
  ) {
    this.left = options.times ?? 1;
    this.skip = options.skip ?? 0;
    this.strikes = options.strikes ?? (() => true);
  }

  /** Whether it happens at this statement, which then counts as used. */
  claim(statement: string): boolean {
    if (this.left === 0 || !this.at.test(statement) || !this.strikes()) return false;
    if (this.skip > 0) {
      this.skip -= 1;
      return false;
    }
    this.left -= 1;
    return true;
  }

  happen(): void {
    this.happened += 1;
    this.options.afterwards?.();
  }

  /** From now on it no longer happens. */
  disarm(): void {
    this.left = 0;
  }
}

/**
 * A TCP proxy in front of a database that reads the client's packets and breaks things on purpose,
 * exactly at the statement that a test names.
 */
export class TcpProxy {
  /** Connections that were refused while `isRefusing`. */
  refused = 0;
  /** Chunks that were withheld during silence. */
  withheld = 0;
  /** Statements of all connections in order of arrival; a packet has several, one per line. */
  readonly statements: string[] = [];
  private readonly faults: Fault[] = [];
  private readonly links = new Set<Link>();
  private isRefusing = false;
  private silent = false;

  private constructor(
    private readonly server: Server,
    /** The URL of the database by way of this proxy. */
    readonly url: string,
    private readonly connectUpstream: () => Socket,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** @param databaseUrl with a host and port, or a `socketPath` */
  static async inFrontOf(databaseUrl: string): Promise<TcpProxy> {
    const { socketPath, host, port } = parseDatabaseUrl(databaseUrl);
    const target = socketPath === undefined ? { host, port: port! } : { path: socketPath };
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    url.search = '';
    return new TcpProxy(server, url.href, () => createConnection(target));
  }

  /** Cuts the connection instead of forwarding the statement: the server never sees it. */
  cutBefore(at: RegExp, options: FaultOptions = {}): Fault {
    return this.plan({ kind: 'cut' }, at, options);
  }

  /** Cuts the connection after the server has answered: the client never sees the answer. */
  cutAfter(at: RegExp, options: FaultOptions = {}): Fault {
    return this.plan({ kind: 'cut-answer' }, at, options);
  }

  /** Cuts the client off at once, and delivers the statement to the server some time later. */
  cutButDeliver(at: RegExp, ms: number, options: FaultOptions = {}): Fault {
    return this.plan({ kind: 'cut-but-deliver', ms }, at, options);
  }

  /** Forwards neither the statement nor anything after it, and leaves the connection open. */
  stall(at: RegExp, options: FaultOptions = {}): Fault {
    return this.plan({ kind: 'stall' }, at, options);
  }

  delay(at: RegExp, ms: number, options: FaultOptions = {}): Fault {
    return this.plan({ kind: 'delay', ms }, at, options);
  }

  /**
   * Delivers another statement in its place, as proxies do that share sessions.
   *
   * @param alter must keep the length
   */
  alter(at: RegExp, alter: (statement: string) => string, options: FaultOptions = {}): Fault {
    return this.plan({ kind: 'alter', alter }, at, options);
  }

  /** Answers the statement with an error of its own: to the server, nothing has happened. */
  refuse(at: RegExp, error: ServerError, options: FaultOptions = {}): Fault {
    return this.plan({ kind: 'refuse', error }, at, options);
  }

  /** From now on, new connections are reset at once. */
  refuseConnections(): void {
    this.isRefusing = true;
  }

  acceptConnections(): void {
    this.isRefusing = false;
  }

  /** From now on nothing is forwarded in either direction, but connections stay open. */
  goSilent(): void {
    this.silent = true;
  }

  /** Ends the silence, and delivers what was withheld. */
  speak(): void {
    this.silent = false;
    for (const link of this.links) link.flush();
  }

  get isSilent(): boolean {
    return this.silent;
  }

  /** Cuts all connections; returns how many there were. */
  cutAll(): number {
    const count = this.links.size;
    for (const link of this.links) link.cut();
    return count;
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The fault, if any, that happens at this statement. */
  meet(statement: string): Fault | undefined {
    this.statements.push(statement);
    return this.faults.find((fault) => fault.claim(statement));
  }

  private plan(harm: Harm, at: RegExp, options: FaultOptions): Fault {
    const fault = new Fault(harm, at, options);
    this.faults.push(fault);
    return fault;
  }

  private accept(client: Socket): void {
    if (this.isRefusing) {
      this.refused += 1;
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    const link = new Link(this, client, this.connectUpstream());
    this.links.add(link);
    client.once('close', () => this.links.delete(link));
  }
}

/** A connection of the client, and its connection to the server. */
class Link {
  private readonly packets = new PacketReader();
  /** Deliveries in order, even if one of them takes a while. */
  private queue: Promise<void> = Promise.resolve();
  private readonly held: (() => void)[] = [];
  private stalled = false;
  /** The client is gone, but the server must not know that yet. */
  private orphaned = false;
  private cutAtAnswer: Fault | undefined;

  constructor(
    private readonly proxy: TcpProxy,
    private readonly client: Socket,
    private readonly upstream: Socket,
  ) {
    client.setNoDelay(true);
    client.on('data', (chunk: Buffer) => {
      for (const packet of this.packets.read(chunk)) {
        this.queue = this.queue.then(() => this.take(packet));
      }
    });
    upstream.on('data', (chunk: Buffer) => this.answer(chunk));
    client.on('close', () => this.orphaned || this.cut());
    upstream.on('close', () => this.cut());
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
  }

  cut(): void {
    this.client.destroy();
    this.upstream.destroy();
  }

  flush(): void {
    for (const deliver of this.held.splice(0)) deliver();
  }

  private async take(packet: Buffer): Promise<void> {
    if (this.stalled) return;
    const statement = statementOf(packet);
    const fault = statement === undefined ? undefined : this.proxy.meet(statement);
    if (fault === undefined) return this.deliver(this.upstream, packet);
    await this.suffer(fault, packet);
  }

  private async suffer(fault: Fault, packet: Buffer): Promise<void> {
    const { harm } = fault;
    if (harm.kind === 'cut-answer') {
      this.cutAtAnswer = fault;
      return this.deliver(this.upstream, packet);
    }
    fault.happen();
    switch (harm.kind) {
      case 'cut':
        return this.cut();
      case 'stall':
        this.stalled = true;
        return;
      case 'refuse':
        return this.deliver(this.client, errorPacket(harm.error));
      case 'cut-but-deliver':
        this.orphaned = true;
        this.client.destroy();
        await sleep(harm.ms);
        return this.deliver(this.upstream, packet);
      case 'delay':
        await sleep(harm.ms);
        return this.deliver(this.upstream, packet);
      case 'alter': {
        const bytes = Buffer.from(harm.alter(packet.toString('latin1')), 'latin1');
        if (bytes.length !== packet.length) throw new Error('The length must stay the same');
        return this.deliver(this.upstream, bytes);
      }
    }
  }

  private answer(chunk: Buffer): void {
    if (this.stalled) return;
    if (this.orphaned) return this.cut();
    if (this.cutAtAnswer === undefined) return this.deliver(this.client, chunk);
    this.cutAtAnswer.happen();
    this.cut();
  }

  private deliver(to: Socket, bytes: Buffer): void {
    if (!this.proxy.isSilent) {
      to.write(bytes);
      return;
    }
    this.proxy.withheld += 1;
    this.held.push(() => to.write(bytes));
  }
}

/** 3 bytes of length, 1 of sequence number, then the payload. */
const HEADER_BYTES = 4;
const COM_QUERY = 0x03;

/** Splits a stream of bytes into packets of the MySQL protocol. */
class PacketReader {
  private rest: Buffer = Buffer.alloc(0);

  read(chunk: Buffer): Buffer[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const packets: Buffer[] = [];
    while (this.rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.rest.readUIntLE(0, 3);
      if (this.rest.length < end) break;
      packets.push(this.rest.subarray(0, end));
      this.rest = this.rest.subarray(end);
    }
    return packets;
  }
}

/** The text of a query; undefined for other packets. A command begins a new sequence. */
function statementOf(packet: Buffer): string | undefined {
  if (packet[3] !== 0 || packet[HEADER_BYTES] !== COM_QUERY) return undefined;
  // With CLIENT_QUERY_ATTRIBUTES, two numbers (no attributes, one set) precede the text.
  const hasAttributes = packet[HEADER_BYTES + 1] === 0 && packet[HEADER_BYTES + 2] === 1;
  return packet.toString('utf8', HEADER_BYTES + (hasAttributes ? 3 : 1)).trimStart();
}

function errorPacket({ errno, sqlState, message }: ServerError): Buffer {
  const text = Buffer.from(`#${sqlState}${message}`);
  const packet = Buffer.alloc(HEADER_BYTES + 3 + text.length);
  packet.writeUIntLE(packet.length - HEADER_BYTES, 0, 3);
  packet[3] = 1;
  packet[HEADER_BYTES] = 0xff;
  packet.writeUInt16LE(errno, HEADER_BYTES + 1);
  text.copy(packet, HEADER_BYTES + 3);
  return packet;
}
