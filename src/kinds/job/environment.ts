/** `EnvironmentVariables` of a start: lines of NAME=VALUE (field report; OpenAPI 20.0). */
export function environmentText(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
}
