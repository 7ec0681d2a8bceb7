import type { ErrorObject } from "ajv";
import formats from "ajv-formats";
import { OpenAPIValidator } from "openapi-backend";
import { decodePath, documentId, encodePath, placeKeyword, type ContractDocument } from "./document.ts";
import type { Exchange } from "./exchange.ts";

/** What of an exchange is not as its document has it. */
export interface Violation {
  /** Version of the API, as `16.0`. */
  readonly version: string;
  /** `GET /odata/QueueItems({key})`, or the path as sent where the document has none for it. */
  readonly operation: string;
  /** Member by schema (`QueueItemDto/Reference`), or the part: `path`, `status`, `body`, `query $top`, `header name`. */
  readonly at: string;
  /** What it breaks: `null`, `unknown`, `missing`, or the keyword of JSON Schema. */
  readonly rule: string;
  /** For people. */
  readonly detail: string;
}

type Operation = NonNullable<ReturnType<OpenAPIValidator["router"]["matchOperation"]>>;

/** Judges exchanges by the OpenAPI document of one version. */
export class Contract {
  readonly version: string;
  readonly #validator: OpenAPIValidator;
  readonly #operations = new Map<string, Operation | undefined>();

  /** `version` is what violations name: that of the server, which a document of another may judge. */
  constructor({ openapi }: ContractDocument, version: string) {
    this.version = version;
    this.#validator = new OpenAPIValidator({
      definition: openapi as never,
      lazyCompileValidators: true,
      ajvOpts: { allErrors: true, verbose: true, strict: false },
      customizeAjv: (ajv) => {
        formats.default(ajv, ["date-time", "uuid", "email"]);
        ajv.addFormat("decimal", true); // a .NET number, of any digits
        return ajv.addSchema(openapi, documentId);
      },
    });
  }

  /** `isClient`: the request is orch-sync's, so it is judged as well; a test may send what is wrong on purpose. */
  judge(exchange: Exchange, isClient: boolean): readonly Violation[] {
    const [path = ""] = exchange.url.split("?", 1);
    const operation = this.#operation(exchange.method, encodePath(decodeURIComponent(path)));
    if (!operation) return this.#withoutOperation(exchange, path, isClient);
    const found = [...(isClient ? this.#request(exchange, operation) : []), ...this.#response(exchange, operation)];
    const name = `${exchange.method} ${decodePath(operation.path)}`;
    return found.map(({ at, rule, detail }) => ({ version: this.version, operation: name, at, rule, detail }));
  }

  /** A path that the document lacks must not be sent by orch-sync, and must not be answered to anybody. */
  #withoutOperation({ method, status }: Exchange, path: string, isClient: boolean): readonly Violation[] {
    if (!isClient && status >= 400) return [];
    const operation = `${method} ${decodeURIComponent(path).replaceAll(/(\(|=)(?:'[^']*'|[\w-]+)(?=[,)])/g, "$1…")}`;
    const detail = `the document has no such path and method, and the answer is ${status}`;
    return [{ version: this.version, operation, at: "path", rule: "unknown", detail }];
  }

  #operation(method: string, path: string): Operation | undefined {
    const key = `${method} ${path.replaceAll(/\d+/g, "0")}`;
    if (!this.#operations.has(key)) {
      this.#operations.set(key, this.#validator.router.matchOperation({ method, path, headers: {} }));
    }
    return this.#operations.get(key);
  }

  #request(exchange: Exchange, operation: Operation): Fault[] {
    const { method, url, requestHeaders: headers, requestBody } = exchange;
    const body = requestBody === "" ? {} : { body: requestBody };
    const [path = "", query = ""] = url.split(/\?(.*)/s, 2);
    const request = { method, path: encodePath(decodeURIComponent(path)), query, headers, ...body };
    const { errors } = this.#validator.validateRequest(request, operation);
    return (errors ?? []).map(faultOf);
  }

  #response({ status, responseHeaders, responseBody }: Exchange, operation: Operation): Fault[] {
    const documented = operation.responses?.[String(status)];
    if (!documented) {
      const at = status >= 400 ? "status of an error" : `status ${status}`;
      return [{ at, rule: "unknown", detail: `the document has no answer ${status}` }];
    }
    const content = "content" in documented ? (documented.content ?? {}) : {};
    if (Object.keys(content).length === 0) {
      const at = status >= 400 ? "body of an error" : "body";
      return responseBody === "" ? [] : [{ at, rule: "unknown", detail: "the document has no body" }];
    }
    if (content["application/json"] === undefined) return []; // a file
    const type = responseHeaders["content-type"] ?? "";
    if (!/^application\/json\b/.test(type))
      return [{ at: "header content-type", rule: "enum", detail: `is '${type}'` }];
    const { errors } = this.#validator.validateResponse(JSON.parse(responseBody), operation, status);
    return (errors ?? []).map(faultOf);
  }
}

type Fault = Pick<Violation, "at" | "rule" | "detail">;

function faultOf({ keyword, parentSchema, instancePath, params, message, data }: ErrorObject): Fault {
  const detail = `${instancePath} ${message ?? ""}, it is ${JSON.stringify(data)?.slice(0, 80)}`;
  const place = String(parentSchema?.[placeKeyword] ?? partOf(instancePath));
  if (keyword === "additionalProperties") {
    return { at: member(place, String(params["additionalProperty"])), rule: "unknown", detail };
  }
  if (keyword === "required") return { at: member(place, String(params["missingProperty"])), rule: "missing", detail };
  return { at: place, rule: data === null ? "null" : keyword, detail };
}

/** Parameters are no part of a schema: they are where they were sent, as in `query $top`. */
function partOf(instancePath: string): string {
  const [, part = "body", name] = /^\/(\w+)(?:\/(.+))?$/.exec(instancePath) ?? [];
  return name === undefined ? part : `${part} ${name}`;
}

function member(place: string, name: string): string {
  return /^(?:query|header|path)$/.test(place) ? `${place} ${name}` : `${place}/${name}`;
}
