import { portOffset } from "./cloudKind.ts";

/** Where the core's programs listen, all on 127.0.0.1; the sum is OpenStack's usual port in the local cloud. */
export const ports = {
  identity: 5000 + portOffset,
  compute: 8774 + portOffset,
  placement: 8778 + portOffset,
  image: 9292 + portOffset,
  network: 9696 + portOffset,
  database: 3306 + portOffset,
  messages: 5672 + portOffset,
  cache: 11211 + portOffset,
  /** Erlang's directory of nodes, and the port of the one node that is RabbitMQ. */
  erlangNames: 4369 + portOffset,
  erlangNode: portOffset === 0 ? 25672 : 5673 + portOffset,
} as const;
