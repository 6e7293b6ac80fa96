import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { refuse } from "../terminal/userError.ts";
import { runSteps, type Step } from "../terminal/steps.ts";
import { type AdminApi, answers, logIn } from "./adminApi.ts";
import { makeDummyImages } from "./api-only/dummyImages.ts";
import { authUrl, hostPorts } from "./apis.ts";
import { apiOnly, cloudName, cloudTitle } from "./cloudKind.ts";
import { addLocalCloud, cloudsYamlProblem, readUserCloudsYaml, userCloudsYaml } from "./cloudsYaml.ts";
import { neutronState } from "./config/neutron.ts";
import { makeDatabases } from "./databases.ts";
import { downSteps } from "./down.ts";
import { liftAdminQuotas, makeFlavors } from "./flavors.ts";
import { guestImages, guestImagesDebianPackages } from "./guest-images/guestImages.ts";
import { fillRegistry, guestPackagesDebianPackages, prepareGuestPackages } from "./guest-packages/guestPackages.ts";
import { makeIdentity } from "./identity.ts";
import { hasImage } from "./images.ts";
import { withLock } from "./lock.ts";
import {
  apiOnlyNeeds,
  gatherMachineFacts,
  kernelProblem,
  localCloudNeeds,
  machineProblems,
  missingKernelFeatures,
} from "./machineCheck.ts";
import { makeNetwork } from "./network.ts";
import { openstack } from "./openstackClient.ts";
import type { OptionalService } from "./optionalService.ts";
import { choose, chosenServices, rememberServices } from "./optionalServices.ts";
import { installPackages, packages } from "./packages.ts";
import { etc, home, logs, sockets, state } from "./paths.ts";
import { ports } from "./ports.ts";
import { allPrograms, cloudPrograms, type Programs } from "./programs.ts";
import { makeSecrets, readSecrets, secretsFile } from "./secrets.ts";
import {
  start,
  startAgents,
  startInfrastructure,
  startService,
  superviseAll,
  waitForApis,
  waitForCompute,
} from "./starting.ts";
import { cloudStatus, wantedFile } from "./status.ts";
import { supervisorIsOutdated, supervisors } from "./supervisor.ts";
import { waitForPrograms } from "./waitForPrograms.ts";

/**
 * Brings the cloud up, from whatever state the machine is in; when it is up already, to this version's configuration.
 *
 * @param change optional services to have as well, and to have no longer: remembered from then on
 */
export async function up(change: { with: readonly string[]; without: readonly string[] }): Promise<void> {
  const began = performance.now();
  // Unknown names are refused before anything happens.
  const planned = choose(chosenServices(), change);
  await runSteps([{ title: "check machine", run: () => checkMachine(planned) }]);
  await withLock("up", async () => {
    const before = chosenServices();
    const services = choose(before, change);
    if (change.with.length + change.without.length > 0) rememberServices(services);
    const times = await bringUp(services);
    await report({ total: performance.now() - began, ...times });
    reportLeft(before.filter((service) => !services.includes(service)));
  });
}

/** @throws {UserError} naming everything that stands in the way of the cloud on this machine. Changes nothing. */
export async function checkMachine(services: readonly OptionalService[] = chosenServices()): Promise<void> {
  const needed = apiOnly ? [...Object.values(ports), ...hostPorts(services)] : hostPorts(services);
  const cloudsProblem = cloudsYamlProblem(readUserCloudsYaml(), userCloudsYaml);
  const facts = await gatherMachineFacts(needed, existsSync(secretsFile), services);
  const problems = machineProblems(facts, apiOnly ? apiOnlyNeeds : localCloudNeeds);
  refuse(`${cloudTitle} cannot run here; nothing was changed`, problems.concat(cloudsProblem ?? []));
}

/** There once the services have users in Keystone: from then on all may start at once. */
const identityMade = join(state, "identity-made");

interface Times {
  packages: number;
  firstApi: number;
}

async function bringUp(services: readonly OptionalService[]): Promise<Times> {
  const began = performance.now();
  const times: Times = { packages: 0, firstApi: 0 };
  let secrets = readSecrets();
  let programs: Programs | undefined;
  let api: AdminApi | undefined;
  // Each step that needs these comes after the one that makes them.
  const made = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("a step ran too early");
    return value;
  };
  await runSteps([
    {
      title: "packages",
      run: async (report) => {
        await installAll(services, report);
        refuse(`${cloudTitle} cannot run here`, ((await missingKernelFeatures()) ?? []).map(kernelProblem));
        times.packages = performance.now() - began;
      },
    },
    {
      title: "secrets",
      run: () => {
        secrets = makeSecrets();
        return Promise.resolve();
      },
    },
    {
      title: "configuration",
      run: async (report) => {
        addLocalCloud(made(secrets));
        if (!apiOnly) await prepareGuestPackages();
        for (const { prepare } of services) await prepare?.(made(secrets), report);
        programs = cloudPrograms(made(secrets), services);
        if (supervisors.some(supervisorIsOutdated)) for (const { run } of downSteps()) await run(report);
      },
    },
    {
      title: apiOnly ? "supervisor" : "namespace",
      run: async () => {
        if (!apiOnly) await makeNetwork();
        await superviseAll(allPrograms(made(programs)));
      },
    },
    { title: "infrastructure", run: () => startInfrastructure(made(programs)) },
    { title: "databases", run: (report) => makeDatabases(made(secrets), services, report) },
    {
      title: "identity",
      run: async () => {
        const { apis, schedulers } = made(programs);
        const isNew = !existsSync(identityMade);
        const names = await start(isNew ? apis : [...apis, ...schedulers]);
        await waitForPrograms("Keystone", names, () => answers(), 120);
        times.firstApi = performance.now() - began - times.packages;
        await makeIdentity(await logIn(made(secrets)), made(secrets), services);
        writeFileSync(identityMade, "");
        if (isNew) await start(schedulers);
        // Again, because the catalogue may have been empty before.
        api = await logIn(made(secrets));
      },
    },
    { title: "APIs", run: () => waitForApis(made(programs)) },
    {
      title: apiOnly ? "services" : "agents",
      run: async () => {
        await start(made(programs).others);
        if (!apiOnly) await startAgents(made(programs), made(api));
        await start(made(programs).compute);
      },
    },
    ...services.map(({ name, finish }) => ({
      title: name,
      run: async (report: (line: string) => void) => {
        await startService(name, made(programs));
        await finish?.(made(api), made(secrets), report);
      },
    })),
    {
      title: "flavors",
      run: async () => {
        await makeFlavors(made(api));
        await liftAdminQuotas(made(api));
      },
    },
    ...(apiOnly ? [{ title: "images", run: () => makeDummyImages(made(api)) }] : imageSteps(() => made(api))),
    // Long started: it takes its time to report in.
    { title: "compute", run: () => waitForCompute(made(programs), made(api)) },
    {
      title: "ready",
      run: () => {
        writeFileSync(wantedFile, "");
        return Promise.resolve();
      },
    },
  ]);
  return times;
}

function imageSteps(api: () => AdminApi): Step[] {
  return [
    { title: "container images", run: fillRegistry },
    ...guestImages.map((image) => ({
      title: `image ${image.name}`,
      skip: async () => ((await hasImage(api(), image)) ? "there already" : undefined),
      run: async (report: (line: string) => void) => {
        await image.build(report);
        await image.upload(openstack);
      },
    })),
  ];
}

/**
 * The Debian packages alone, which takes root; nothing else of the cloud does when it has no guests.
 *
 * @param more optional services whose packages are wanted beside those of the chosen ones
 */
export async function installAllPackages(more: readonly string[]): Promise<void> {
  const services = choose(chosenServices(), { with: more, without: [] });
  await withLock("packages", () => runSteps([{ title: "packages", run: (report) => installAll(services, report) }]));
}

async function installAll(services: readonly OptionalService[], report: (line: string) => void): Promise<void> {
  makeFolders();
  const forGuests = apiOnly ? [] : [...guestImagesDebianPackages, ...guestPackagesDebianPackages];
  await installPackages([...packages, ...forGuests, ...services.flatMap((each) => each.debianPackages)], report);
}

/** For root alone, all of it: there are passwords in many files, and guests' disks. */
function makeFolders(): void {
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o700);
  const folders = ["keystone", "glance/images", "glance/staging", "glance/tasks", "nova/lock", "nova/instances"];
  for (const path of [etc, logs, sockets, ...folders.map((name) => join(state, name)), join(neutronState, "lock")])
    mkdirSync(path, { recursive: true, mode: 0o700 });
}

async function report({ total, packages, firstApi }: Times & { total: number }): Promise<void> {
  const { totals } = await cloudStatus();
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
  console.log(
    [
      "",
      `${cloudTitle.replace("t", "T")} is up: ${authUrl}, as cloud "${cloudName}" in ${userCloudsYaml}.`,
      `  packages ${seconds(packages)}, then first API answer after ${seconds(firstApi)}, in total ${seconds(total)}; ` +
        `memory ${totals.memoryMiB} MiB`,
      `  Try: npm run cloud ${apiOnly ? "-- exec --api-only" : "exec"} -- openstack catalog list`,
    ].join("\n"),
  );
}

function reportLeft(services: readonly OptionalService[]): void {
  for (const { name } of services)
    console.log(`  ${name} was stopped. What it holds is kept: up --with ${name} brings it back, remove deletes it.`);
}
