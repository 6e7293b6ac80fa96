import { z } from "zod";

/** How the SDK marks a secret on its way to the engine: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The value of an input that is marked as a secret; throws when it is not. */
export function secretOf(input: unknown): unknown {
  return z.object({ [SIGNATURE]: z.literal(SECRET), value: z.unknown() }).parse(input).value;
}
