/**
 * Variables without which Pulumi does not work well with a place for state.
 *
 * @param url of the backend
 * @param given the environment, which goes before
 */
export function backendEnv(url: string, given: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const wanted = Object.entries(settingsFor(url));
  return Object.fromEntries(wanted.filter(([name]) => given[name] === undefined));
}

function settingsFor(url: string): Record<string, string> {
  // Ten stacks are read at once by default, with two connections each, and Pulumi opens at most two a core: with fewer than ten cores
  // each may wait for the others' second connection, for ever. One after the other needs two connections in all.
  // https://github.com/pulumi/pulumi/blob/pkg/v3.259.0/pkg/backend/diy/postgres/bucket.go
  if (url.startsWith("postgres://")) return { PULUMI_DIY_BACKEND_PARALLEL: "1" };
  // Servers other than Amazon's send no checksums with what they return; every read would say so on standard error.
  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
  if (url.startsWith("s3://")) return { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" };
  return {};
}
