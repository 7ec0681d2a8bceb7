// Loaded before everything else in the process of each client: lets loopback through and nothing else, and writes down
// what was tried. Every connection of fetch, http, https and tls is a net.Socket in the end; fetch is wrapped as well,
// so that a name is seen before it is looked up.
import net from "node:net";

/** Hosts that were tried and refused, in order. */
export const refused = [];

const isLoopback = (host) => /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
const waiting = new Set();

function refuse(host) {
  refused.push(host);
  for (const check of waiting) check();
  return new Error(`No call leaves loopback: ${host} is refused.`);
}

const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const { hostname } = new URL(input instanceof Request ? input.url : String(input));
  if (!isLoopback(hostname)) throw refuse(hostname);
  return fetch(input, init);
};

// oxlint-disable-next-line typescript/unbound-method -- called below with the socket as `this`
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  const options = typeof first === "object" && first !== null ? first : { host: second };
  const pipe = typeof options.path === "string" ? options.path : undefined; // http hands null on
  const host = pipe ?? options.host ?? "localhost";
  if (pipe === undefined && isLoopback(host)) return connect.apply(this, args);
  this.destroy(refuse(host));
  return this;
};

/** Waits until a host has been tried, for at most that long; whether it has. */
export async function tried(host, milliseconds) {
  if (refused.includes(host)) return true;
  return new Promise((resolve) => {
    const end = (result) => {
      clearTimeout(timer);
      waiting.delete(check);
      resolve(result);
    };
    const check = () => refused.includes(host) && end(true);
    const timer = setTimeout(() => end(false), milliseconds);
    waiting.add(check);
  });
}
