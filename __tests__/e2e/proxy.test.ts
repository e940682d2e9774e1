import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetAliasCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CLIENT_LIMITS } from "../../src/aws/limits.ts";
import { EnvironmentAgent } from "../../src/aws/proxy.ts";
import { CompanyProxy, TlsFront } from "../../testing/simulator/proxy.ts";
import type { Ending } from "../../testing/simulator/runner.ts";
import { linesOf, onStage, type Stage } from "./stage.ts";

// Each action is a process of its own: Node reads NODE_EXTRA_CA_CERTS only when it starts.

const HOSTS = {
  lambda: "lambda.eu-central-1.amazonaws.com",
  cloudwatch: "monitoring.eu-central-1.amazonaws.com",
  sts: "sts.eu-central-1.amazonaws.com",
  github: "ghe.example",
  oidc: "oidc.example",
};

let folder: string;
let ca: string;
let identity: { readonly key: string; readonly cert: string };

/** Makes a certificate authority, and a certificate for all hosts. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "proxy-"));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-days", "9999", "-subj", "/CN=Own CA", "-keyout", "ca.key", "-out", "ca.pem");
  openssl("req", ...key, "-subj", "/CN=simulator", "-keyout", "own.key", "-out", "own.csr");
  const names = Object.values(HOSTS).map((host) => `DNS:${host}`);
  writeFileSync(file("names"), `subjectAltName=${names.join(",")}\n`);
  const by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names"];
  openssl("x509", "-req", "-in", "own.csr", ...by, "-days", "9999", "-out", "own.pem");
  ca = file("ca.pem");
  identity = { key: readFileSync(file("own.key"), "utf8"), cert: readFileSync(file("own.pem"), "utf8") };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Network {
  readonly proxy: CompanyProxy;
  /** The environment of a job that reaches AWS, GitHub Enterprise Server and its OIDC provider by TLS, but for a proxy. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Plays on a stage in whose network only the proxy reaches the services, by their real names and TLS. */
function behindProxy(play: (stage: Stage, network: Network) => Promise<void>) {
  return onStage("healthy", async (stage) => {
    // The certificates are of today.
    const front = new TlsFront(identity, stage.simulator.url, (host, path) =>
      host === HOSTS.github ? path.replace(/^\/api\/v3/, "/github") : path,
    );
    const proxy = new CompanyProxy(() => front.address);
    await Promise.all([front.listen(), proxy.listen()]);
    const { AWS_ENDPOINT_URL: _, ...direct } = stage.simulator.environment;
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...unsigned } = direct;
    const { url } = stage.simulator;
    const asking = stage.simulator.identityEnvironment;
    const environment = {
      ...unsigned,
      ...asking,
      ACTIONS_ID_TOKEN_REQUEST_URL: (asking["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "").replace(
        url,
        `https://${HOSTS.oidc}`,
      ),
      GITHUB_API_URL: `https://${HOSTS.github}/api/v3`,
      NODE_EXTRA_CA_CERTS: ca,
    };
    try {
      await play(stage, { proxy, environment });
    } finally {
      await proxy.close();
      await front.close();
    }
  });
}

/** A release that asks every service. */
function inputs({ simulator }: Stage) {
  return { "role-to-assume": simulator.iam.role, steps: "25% for 4m" };
}

describe("behind a proxy", () => {
  test.each(["HTTPS_PROXY"])(
    "%s holds for Lambda, CloudWatch, STS, GitHub Enterprise Server and OIDC, with the CA of NODE_EXTRA_CA_CERTS",
    (variable) =>
      behindProxy(async (stage, { proxy, environment }) => {
        proxy.login = "ann:s%cret word";
        const address = `http://ann:${encodeURIComponent("s%cret word")}@${proxy.address}`;
        const run = await stage.run(inputs(stage), { environment: { ...environment, [variable]: address } });
        expect(run.outputs["outcome"]).toBe("promoted");
        for (const host of Object.values(HOSTS)) expect([host, proxy.count(`${host}:443`) > 0]).toEqual([host, true]);
        expect(new Set(proxy.asked)).toStrictEqual(new Set(Object.values(HOSTS).map((host) => `${host}:443`)));
        expect(stage.simulator.github.repository.comments.length).toBeGreaterThan(0);
        // Connections are kept: hundreds of calls don't need a tunnel each.
        expect(proxy.count(`${HOSTS.lambda}:443`)).toBeLessThan(10);
        expect(linesOf(run).join("\n")).not.toMatch(/cret/);
      })(),
  );

  test(
    "a certificate of an unknown authority is refused, and the reason names that",
    behindProxy(async (stage, { proxy, environment: { NODE_EXTRA_CA_CERTS: _, ...environment } }) => {
      const keys = { AWS_ACCESS_KEY_ID: "AKIASIMULATOR", AWS_SECRET_ACCESS_KEY: "simulator" };
      const run = await stage.run(
        { comment: "false" },
        { environment: { ...environment, ...keys, HTTPS_PROXY: `http://${proxy.address}` } },
      );
      expect(run.outputs["outcome"]).toBe("failed");
      expect(run.outputs["reason"]).toMatch(/unable to verify the first certificate|self-signed certificate/);
      expect(stage.simulator.calls).toStrictEqual([]);
    }),
  );
});

/** Not an address that counts as this machine's own, though it leads there. */
const ELSEWHERE = "0.0.0.0";

/** Only the proxy finds this host. */
const KNOWN_TO_PROXY = "services.example";

/** A job whose services are at an address without TLS. */
async function plainly(stage: Stage, host: string, play: (proxy: CompanyProxy, start: Start) => Promise<void>) {
  const proxy = new CompanyProxy((address) => address.replace(KNOWN_TO_PROXY, "127.0.0.1"));
  await proxy.listen();
  const own = { ...stage.simulator.environment, ...stage.simulator.identityEnvironment };
  const environment = Object.fromEntries(
    Object.entries(own).map(([name, value]) => [name, value.replace("//127.0.0.1:", `//${host}:`)]),
  );
  try {
    await play(proxy, (more) => stage.run(inputs(stage), { environment: { ...environment, ...more } }));
  } finally {
    await proxy.close();
  }
}

type Start = (more: Readonly<Record<string, string>>) => Promise<Ending>;

describe("a proxy for addresses without TLS", () => {
  test.each(["http_proxy"])("%s holds for all services", (variable) =>
    onStage("healthy", (stage) =>
      plainly(stage, KNOWN_TO_PROXY, async (proxy, start) => {
        const run = await start({ [variable]: `http://${proxy.address}` });
        expect(run.outputs["outcome"]).toBe("promoted");
        expect(proxy.asked.length).toBeGreaterThanOrEqual(4);
      }),
    )(),
  );

  test.each(["NO_PROXY"])("%s leaves out what it names", (variable) =>
    onStage("healthy", (stage) =>
      plainly(stage, ELSEWHERE, async (proxy, start) => {
        const run = await start({ HTTP_PROXY: `http://${proxy.address}`, [variable]: `.internal,${ELSEWHERE}` });
        expect(run.outputs["outcome"]).toBe("promoted");
        expect(proxy.asked).toStrictEqual([]);
      }),
    )(),
  );

  test(
    "this machine itself is never asked for by way of a proxy",
    onStage("healthy", (stage) =>
      plainly(stage, "127.0.0.1", async (proxy, start) => {
        const run = await start({ HTTP_PROXY: `http://${proxy.address}`, HTTPS_PROXY: `http://${proxy.address}` });
        expect(run.outputs["outcome"]).toBe("promoted");
        expect(proxy.asked).toStrictEqual([]);
      }),
    ),
  );

  test(
    "a proxy that refuses is named as the reason",
    onStage("healthy", async (stage) => {
      const proxy = new CompanyProxy();
      await proxy.listen();
      const { AWS_ENDPOINT_URL: _, ...environment } = stage.simulator.environment;
      const HTTPS_PROXY = `http://ann:secret@${proxy.address}`;
      const start = () => stage.run({ comment: "false" }, { environment: { ...environment, HTTPS_PROXY } });
      proxy.login = "ann:other";
      const stranger = await start();
      expect(stranger.outputs["reason"]).toMatch(
        /the proxy 127\.0\.0\.1:\d+ refused the connection to lambda\.eu-central-1\.amazonaws\.com:443 with status 407/,
      );
      expect(linesOf(stranger).join("\n")).not.toMatch(/secret/);
      proxy.refusal = "403 Forbidden";
      expect((await start()).outputs["reason"]).toMatch(/with status 403/);
      await proxy.close();
      expect((await start()).outputs["reason"]).toMatch(/ECONNREFUSED 127\.0\.0\.1/);
    }),
  );

  // In real time: nobody tells a simulated clock that this hangs.
  test("a proxy that doesn't answer is given up in time, and keeps nothing alive", async () => {
    const proxy = new CompanyProxy();
    await proxy.listen();
    proxy.refusal = "never";
    process.env["HTTPS_PROXY"] = `http://${proxy.address}`;
    const client = new LambdaClient({
      region: "eu-central-1",
      credentials: { accessKeyId: "AKIASIMULATOR", secretAccessKey: "simulator" },
      maxAttempts: 1,
      requestHandler: { ...CLIENT_LIMITS, httpsAgent: new EnvironmentAgent("https:") },
    });
    const alias = new GetAliasCommand({ FunctionName: "checkout", Name: "live" });
    await expect(client.send(alias)).rejects.toThrow(/the proxy .* did not answer|did not establish a connection/);
    client.destroy();
    delete process.env["HTTPS_PROXY"];
    await proxy.close();
  });
});
