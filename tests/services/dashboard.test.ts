import type { Browser, Frame, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { openBrowser, screenshot } from "./browser.ts";
import { Classroom, makeOutside, type Outside, type Site } from "../cloud/guests.ts";
import { bringUp, until } from "../cloud/projectUser.ts";
import { given } from "../cloud/testStack.ts";

const HORIZON = "http://127.0.0.1:8088";
let outside: Outside;
let classroom: Classroom;
let guest: Site;
let serverId: string;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  await bringUp("horizon", "novnc");
  browser = await openBrowser();
  page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  await page.setViewport({ width: 1280, height: 900 });
  outside = await makeOutside(`dashboardtest-${process.pid}`, "public", {
    ...{ cidr: "172.24.4.0/24", gateway_ip: "172.24.4.1" },
    allocation_pools: [{ start: "172.24.4.170", end: "172.24.4.180" }],
  });
  classroom = await Classroom.open("dashboardtest");
  guest = await classroom.site("blackboard", "192.168.78.0/24", outside);
  const Servers = z.object({ servers: z.array(z.object({ id: z.string() })) });
  serverId = given(Servers.parse(await classroom.user.call("compute", "GET", "/servers")).servers[0], "server").id;
  await classroom.ready(guest);
});
afterAll(async () => {
  await browser.close();
  await classroom.close();
  await outside.remove();
});

/** Of a page of Horizon. */
async function open(path: string): Promise<string> {
  const response = await page.goto(HORIZON + path, { waitUntil: "networkidle2" });
  expect(response?.status(), path).toBe(200);
  return bodyText();
}

async function logIn(name: string, password: string): Promise<void> {
  await open("/auth/login/");
  await page.type("#id_username", name);
  await page.type("#id_password", password);
  await Promise.all([page.waitForNavigation(), page.click("#loginBtn")]);
}

it("lets nobody in with a wrong password", async () => {
  await logIn(classroom.user.name, "guessed");
  expect(page.url()).toContain("/auth/login/");
  expect(await bodyText()).toContain("Invalid credentials.");
});

it("shows a student's instances after the login, and whose project it is", async () => {
  const { OS_USERNAME, OS_PASSWORD } = classroom.user.login;
  await logIn(OS_USERNAME, OS_PASSWORD);
  const text = await open("/project/instances/");
  await screenshot(page, "instances");
  for (const shown of ["blackboard", guest.fixedIp, guest.floatingIp, "m1.nano", "Active", "Running", OS_USERNAME])
    expect(text).toContain(shown);
});

it("draws the network topology, and shows the panels of the services that are there", async () => {
  await open("/project/network_topology/");
  await page.waitForFunction("document.getElementById('topologyCanvasContainer').textContent.includes('blackboard')");
  await screenshot(page, "topology");
  expect(await open("/project/images")).toContain("cirros");
});

it("takes what is typed into the console to the instance's screen, and shows its login prompt", async () => {
  const Console = z.object({ remote_console: z.object({ url: z.string() }) });
  const { remote_console } = Console.parse(
    await classroom.user.call("compute", "POST", `/servers/${serverId}/remote-consoles`, {
      remote_console: { protocol: "vnc", type: "novnc" },
    }),
  );
  expect(remote_console.url).toMatch(/^http:\/\/127\.0\.0\.1:6080\//);
  const screen = await browser.newPage();
  await screen.setViewport({ width: 900, height: 600 });
  await screen.goto(remote_console.url);
  await connected(screen.mainFrame());
  await screenshot(screen, "console");
  await screen.click("canvas");
  for (const line of ["", "cirros", "gocubsgo", "touch by-hand"]) {
    await screen.keyboard.type(`${line}\n`, { delay: 60 });
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }
  await screenshot(screen, "console-logged-in");
  await until("the file made on the screen", 60, async () => {
    return (await classroom.ssh(guest, "test -e /home/cirros/by-hand")).exitCode === 0;
  });
  await screen.close();
});

it("has the console within the dashboard, too", async () => {
  await open(`/project/instances/${serverId}/?tab=instance_details__console`);
  const frame = given(
    page.frames().find((each) => each.url().includes(":6080/")),
    "frame of the console",
  );
  await connected(frame);
  await screenshot(page, "console-in-dashboard");
});

it("refuses a console without a token that Nova gave out", async () => {
  const screen = await browser.newPage();
  await screen.goto("http://127.0.0.1:6080/vnc_lite.html?path=%3Ftoken%3D00000000-0000-0000-0000-000000000000");
  await until("the refusal", 30, async () => /(disconnected|went wrong)/i.test(await statusOf(screen.mainFrame())));
  await screen.close();
});

/** As people see it. */
async function bodyText(): Promise<string> {
  return String(await page.evaluate("document.body.innerText"));
}

async function statusOf(frame: Frame): Promise<string> {
  return String(await frame.evaluate("document.getElementById('status')?.textContent"));
}

async function connected(frame: Frame): Promise<void> {
  await until("the console's connection", 30, async () => (await statusOf(frame)).startsWith("Connected to QEMU"));
}
