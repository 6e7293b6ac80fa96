import { join } from "node:path";
import { etc } from "../paths.ts";
import type { ConfigFile } from "../program.ts";
import { ini } from "./ini.ts";

/** Configuration for serving a WSGI script on 127.0.0.1, and the files of folders under their paths. */
export function uwsgi(
  name: string,
  server: { script: string; port: number; processes: number; threads: number; files?: Record<string, string> },
): ConfigFile {
  return {
    path: join(etc, `${name}-uwsgi.ini`),
    text: ini({
      uwsgi: {
        "http-socket": `127.0.0.1:${server.port}`,
        plugins: "python3",
        "wsgi-file": join(import.meta.dirname, "../bin/threaded-wsgi"),
        env: `WSGI_SCRIPT=${server.script}`,
        processes: server.processes,
        threads: server.threads,
        master: true,
        "need-app": true,
        "die-on-term": true,
        "enable-threads": true,
        "buffer-size": 65535,
        // http-socket closes the connection after each answer but does not say so: clients would send their next request into it.
        "add-header": "Connection: close",
        "disable-logging": true,
        "procname-prefix": `${name}-`,
        "static-map": Object.entries(server.files ?? {}).map((entry) => entry.join("=")),
      },
    }),
  };
}
