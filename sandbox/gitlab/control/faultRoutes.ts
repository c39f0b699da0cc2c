import { ControlError, type ControlSubject } from "./subject";
import type { FaultArgs } from "./faults";

const kinds: Readonly<Record<keyof FaultArgs, string>> = {
  route: "string",
  method: "string",
  count: "number",
  skip: "number",
  latencyMilliseconds: "number",
  cut: "boolean",
  status: "number",
  retryAfter: "string",
  headers: "object",
  body: "any",
  afterwards: "boolean",
};

/** `GET /faults`, `POST /faults`, `DELETE /faults`, `DELETE /faults/:id` */
export const controlFaults: ControlSubject = (control, { faults }) => {
  control.get("/faults", () => faults.list());
  control.post("/faults", ({ body }, reply) => reply.code(201).send(faults.add(readFault(body))));
  control.delete("/faults", (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  control.delete<{ Params: { id: string } }>("/faults/:id", ({ params }, reply) => {
    if (!faults.remove(Number(params.id))) {
      throw new ControlError(`There is no fault ${params.id}.`, 404);
    }
    return reply.code(204).send();
  });
};

function readFault(body: unknown): FaultArgs {
  const problems = Object.entries(body ?? {}).flatMap(([name, value]) => {
    const kind = kinds[name as keyof FaultArgs] as string | undefined;
    if (kind === undefined)
      return [`\`${name}\` is unknown. Use ${Object.keys(kinds).join(", ")}.`];
    return kind === "any" || typeof value === kind ? [] : [`\`${name}\` is not a ${kind}.`];
  });
  const { status, cut, latencyMilliseconds } = (body ?? {}) as FaultArgs;
  if (problems.length === 0 && !cut && status === undefined && latencyMilliseconds === undefined) {
    problems.push("The fault does nothing. Give `status`, `cut` or `latencyMilliseconds`.");
  }
  if (typeof status === "number" && !(Number.isInteger(status) && status >= 200 && status <= 599)) {
    problems.push(`\`status\` is ${status}. Use a whole number from 200 to 599.`);
  }
  if (problems.length > 0) throw new ControlError(problems.join(" "));
  return body as FaultArgs;
}
