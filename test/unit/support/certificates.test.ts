import { X509Certificate } from "node:crypto";
import { get } from "node:https";
import { expect, test } from "vitest";
import { authority, type Certificate } from "../../support/certificates.ts";
import { tlsFront } from "../../support/tls-front.ts";
import { serve } from "../orchestrator/support.ts";

/** The status of a call to a server with this certificate, or the code of why there is none. */
async function call(certificate: Certificate, ca: string, host = "localhost"): Promise<unknown> {
  await using server = await serve(() => ({ status: 204 }));
  await using front = await tlsFront(`${server.url}/base`, certificate);
  const url = `${front.url.replace("localhost", host)}/path`;
  return await new Promise((resolve) => {
    get(url, { ca, agent: false }, ({ statusCode }) => resolve([statusCode, server.seen[0]?.path])).on(
      "error",
      (error: NodeJS.ErrnoException) => resolve(error.code),
    );
  });
}

test("whoever trusts the authority trusts its servers, by name and by address", async () => {
  const ca = authority();
  const certificate = ca.issue();
  expect(await call(certificate, ca.cert)).toEqual([204, "/base/path"]);
  expect(await call(certificate, ca.cert, "127.0.0.1")).toEqual([204, "/base/path"]);
  expect(new X509Certificate(certificate.cert).checkHost("localhost")).toBe("localhost");
});

test("nobody else does, nor for another name or later than it is good", async () => {
  const ca = authority();
  expect(await call(ca.issue(), authority("another").cert)).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  expect(await call(ca.issue({ names: ["elsewhere.test"] }), ca.cert)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  expect(await call(ca.issue({ until: new Date("2021-01-01T00:00:00Z") }), ca.cert)).toBe("CERT_HAS_EXPIRED");
});
