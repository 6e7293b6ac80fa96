import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeOpenStack {
  authUrl: string;
  /** `METHOD path` of every request, in order. */
  requests: string[];
  close: () => Promise<void>;
}

export interface Offers {
  password?: string;
  /** When its token says that it was issued. @default it does not say */
  issuedAt?: Date | undefined;
  images?: object[];
  flavors?: object[];
  networks?: object[];
  /** What answers to `METHOD /service/path?query`, before everything else: `GET /volume/types`. */
  answers?: Record<string, (request: FakeRequest) => FakeAnswer>;
}

export interface FakeRequest {
  /** The JSON that was sent; undefined without a body. */
  body: unknown;
  headers: IncomingHttpHeaders;
}

export interface FakeAnswer {
  /** Closes the connection instead of answering. @default false */
  hangUp?: boolean;
  /** @default 200 */
  status?: number;
  /** Sent as JSON, a text as it is. @default nothing */
  body?: object | string;
}

/** Paths of the services, by the types in the catalogue. */
const SERVICES = {
  compute: "/compute",
  image: "/image",
  network: "/network",
  identity: "/identity/v3",
  volumev3: "/volume",
  placement: "/placement",
};

export const OFFERS = {
  images: [
    { id: "image-debian", name: "debian-12", min_disk: 2, min_ram: 256 },
    { id: "image-cirros", name: "cirros", min_disk: 0, min_ram: 64 },
  ],
  flavors: [
    { id: "flavor-nano", name: "m1.nano", vcpus: 1, ram: 128, disk: 1 },
    { id: "flavor-512", name: "ds512M", vcpus: 1, ram: 512, disk: 5 },
  ],
  networks: [
    { id: "net-campus", name: "campus", "router:external": true, "provider:physical_network": "physnet1", tags: [] },
  ],
} satisfies Offers;

/** A real HTTP server on the loopback that answers like Keystone, Glance, Nova and Neutron: for what runs before Pulumi's resources. */
export async function fakeOpenStack({
  password = "right",
  issuedAt,
  images = OFFERS.images,
  flavors = OFFERS.flavors,
  networks = OFFERS.networks,
  answers = {},
}: Offers = {}): Promise<FakeOpenStack> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const path = request.url ?? "";
      requests.push(`${request.method ?? ""} ${path}`);
      const answer = (status: number, content: object, headers: Record<string, string> = {}) => {
        response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(content));
      };
      if (path === "/v3/auth/tokens") {
        if (body.includes(JSON.stringify(password)))
          answer(201, token(base(), issuedAt), { "x-subject-token": "token-1" });
        else answer(401, {});
      } else if (!/^\/(image|compute|network|identity|volume|placement)\//.test(path)) answer(404, {});
      else if (request.headers["x-auth-token"] !== "token-1") answer(401, {});
      else if (answers[`${request.method ?? ""} ${path}`] !== undefined)
        send(response, answers[`${request.method ?? ""} ${path}`]?.({ body: parsed(body), headers: request.headers }));
      else if (path.startsWith("/image/v2/images")) imagesPage(path, images, answer);
      else if (path.startsWith("/compute/flavors/detail")) answer(200, { flavors });
      else if (path.startsWith("/compute/servers/")) answer(200, { output: "booted\n" });
      else if (path === "/network/v2.0/networks") answer(200, { networks });
      else answer(404, {});
    });
  });
  const base = () => `http://127.0.0.1:${addressOf(server.address()).port}`;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    authUrl: `${base()}/v3`,
    requests,
    close: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  };
}

function send(response: ServerResponse, { status = 200, body, hangUp = false }: FakeAnswer = {}): void {
  if (hangUp) {
    response.destroy();
    return;
  }
  response.writeHead(status).end(typeof body === "object" ? JSON.stringify(body) : body);
}

function parsed(body: string): unknown {
  return body === "" ? undefined : JSON.parse(body);
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return address;
}

/** Two images a page, as Glance does when there are many. */
function imagesPage(path: string, images: object[], answer: (status: number, content: object) => void): void {
  const from = Number(/marker=(\d+)/.exec(path)?.[1] ?? 0);
  const next = from + 2 < images.length ? { next: `/v2/images?marker=${from + 2}` } : {};
  answer(200, { images: images.slice(from, from + 2), ...next });
}

function token(base: string, issuedAt: Date | undefined): object {
  const endpoint = (type: string, path: string) => ({
    type,
    endpoints: [{ interface: "public", region: "RegionOne", url: base + path }],
  });
  return {
    token: {
      ...(issuedAt === undefined ? {} : { issued_at: issuedAt.toISOString() }),
      user: { id: "u", name: "teacher" },
      project: { id: "p", name: "class" },
      roles: [{ name: "member" }],
      catalog: Object.entries(SERVICES).map(([type, path]) => endpoint(type, path)),
    },
  };
}
