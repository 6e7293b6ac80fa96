import { BroadcastChannel } from "node:worker_threads";
import { z } from "zod";

/** A program without resources that ends when it is told to: as long as it runs, its stack is locked. */
export default async function hold(input: unknown): Promise<Record<string, never>> {
  const channel = new BroadcastChannel(z.string().parse(input));
  await new Promise<void>((resolve) => {
    channel.onmessage = () => {
      resolve();
    };
    channel.postMessage("held");
  });
  channel.close();
  return {};
}
