import { registerHooks } from "node:module";
import { parse } from "yaml";

// The parser imports its schemas as only bundlers allow it: without saying that they are JSON.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context),
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");
const { parseAction } = await import("@actions/workflow-parser/actions/action-parser");
const trace = new NoOperationTraceWriter();

/** What GitHub's own parser says against a workflow, or against an action, which has `runs`. */
export async function githubProblems(content: string): Promise<readonly string[]> {
  const file = { name: "file.yml", content };
  if (Object.hasOwn(parse(content) as object, "runs")) return messages(parseAction(file, trace).context);
  const { context, value } = parseWorkflow(file, trace);
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return messages(context);
}

function messages({ errors }: ReturnType<typeof parseWorkflow>["context"]): string[] {
  return errors.getErrors().map(({ message }) => message);
}
