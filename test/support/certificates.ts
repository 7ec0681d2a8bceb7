import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { isIP } from "node:net";

/** A certificate and its private key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of one test, made at run time: no key lies in the repository, and nobody else trusts it. */
export interface Authority {
  /** Its own certificate as PEM: what a `caFile` holds. */
  readonly cert: string;
  /** A certificate for a server. */
  issue(options?: {
    /** Host names and IP addresses. @default localhost and 127.0.0.1 */
    readonly names?: readonly string[];
    /** Until when it is good. @default as long as the authority */
    readonly until?: Date;
  }): Certificate;
}

const begin = new Date("2020-01-01T00:00:00Z");
const end = new Date("2049-12-31T00:00:00Z");

/** A new authority, whose certificates are good from 2020 to 2049. */
export function authority(name = "orch-sync test CA"): Authority {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const about = { subject: name, issuer: name, publicKey: own.publicKey, until: end };
  const signed = (fields: Fields): string => pem("CERTIFICATE", signedCertificate(fields, own.privateKey));
  return {
    cert: signed({ ...about, extensions: caExtensions(own.publicKey) }),
    issue({ names = ["localhost", "127.0.0.1"], until = end } = {}) {
      const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const subject = names[0] ?? "";
      return {
        cert: signed({ subject, issuer: name, publicKey, until, extensions: serverExtensions(names) }),
        key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      };
    },
  };
}

interface Fields {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly until: Date;
  readonly extensions: readonly Buffer[];
}

const ecdsaWithSha256 = "1.2.840.10045.4.3.2";

/** A certificate of version 3 (RFC 5280, 4.1) in DER. */
function signedCertificate({ subject, issuer, publicKey, until, extensions }: Fields, key: KeyObject): Buffer {
  const algorithm = sequence(objectId(ecdsaWithSha256));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    algorithm,
    nameOf(issuer),
    sequence(time(begin), time(until)),
    nameOf(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  return sequence(body, algorithm, bits(sign("sha256", body, key)));
}

function caExtensions(publicKey: KeyObject): Buffer[] {
  const keyId = createHash("sha1")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest();
  return [
    extension("2.5.29.19", sequence(der(0x01, Buffer.from([0xff]))), true), // a CA
    extension("2.5.29.15", der(0x03, Buffer.from([0x01, 0x06])), true), // that signs certificates and lists
    extension("2.5.29.14", der(0x04, keyId)),
  ];
}

function serverExtensions(names: readonly string[]): Buffer[] {
  const alternatives = names.map((name) =>
    isIP(name) === 0 ? der(0x82, Buffer.from(name)) : der(0x87, Buffer.from(name.split(".").map(Number))),
  );
  return [extension("2.5.29.17", sequence(...alternatives)), extension("2.5.29.37", sequence(objectId(serverAuth)))];
}

const serverAuth = "1.3.6.1.5.5.7.3.1";

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [der(0x01, Buffer.from([0xff]))] : [];
  return sequence(objectId(id), ...critical, der(0x04, value));
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId("2.5.4.3"), der(0x0c, Buffer.from(commonName)))));
}

/** UTCTime, for years before 2050. */
function time(date: Date): Buffer {
  return der(
    0x17,
    Buffer.from(
      `${date
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, "")
        .slice(2, 14)}Z`,
    ),
  );
}

function objectId(id: string): Buffer {
  const [first = 0, second = 0, ...rest] = id.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) + 128);
  return digits;
}

function bits(value: Buffer): Buffer {
  return der(0x03, Buffer.concat([Buffer.from([0]), value]));
}

function sequence(...members: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(members));
}

/** Tag, length, value (X.690). */
function der(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
