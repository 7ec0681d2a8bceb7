// Types of what schemas describe.
import { compile } from "json-schema-to-typescript";
import { readSchema, schemaFileName } from "../../src/document/schema-files.ts";

/** Each schema with the file of types that is made of it. */
export const typesFiles = {
  QueueItems: "src/kinds/generated/queue-items.ts",
  Job: "src/kinds/generated/job.ts",
  StoppedJobs: "src/kinds/generated/stopped-jobs.ts",
  Review: "src/kinds/generated/review.ts",
  Config: "src/config/generated/config.ts",
};

export function typesOf(name) {
  const file = schemaFileName(name);
  return compile(withoutCombinations(readSchema(name)), file.replace(".schema.json", ""), {
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    bannerComment: `// Made of schemas/${file} by \`npm run generate\`: change the schema, not this file.`,
    style: { printWidth: 120 },
  });
}

/** Without "exactly one of these keys": that would make unions of index signatures, and is checked by the schema anyway. */
function withoutCombinations(schema) {
  return JSON.parse(JSON.stringify(schema), (_name, value) => {
    for (const keyword of ["oneOf", "anyOf"]) {
      const branches = value?.[keyword];
      const onlyKeys = Array.isArray(branches) && branches.every((branch) => Object.keys(branch).join() === "required");
      if (onlyKeys) delete value[keyword];
    }
    return value;
  });
}
