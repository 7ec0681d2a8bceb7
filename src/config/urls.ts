/** An address that credentials may be sent to, without a slash at its end; or what is wrong with it. */
export function readUrl(text: string): { readonly url: string } | { readonly problem: string } {
  const url = URL.parse(text);
  if (url === null) return { problem: "is no address" };
  if (url.username !== "" || url.password !== "") return { problem: "holds a user or a password" };
  if (url.search !== "" || url.hash !== "") return { problem: "has a query or a fragment" };
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return { problem: "does not begin with https://" };
  }
  return { url: `${url.origin}${url.pathname}`.replace(/\/+$/, "") };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
