import { fastify } from "fastify";

const text = { type: "string", minLength: 1 };
const time = { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$" };
const program = {
  type: "object",
  required: ["id", "name", "version", "vendor"],
  properties: {
    ...{ id: text, name: text, version: text },
    vendor: { type: "object", required: ["name"], properties: { name: text } },
  },
};
const dependency = {
  type: "object",
  required: ["package", "version"],
  properties: {
    package: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
    version: { type: "string" },
  },
};

/**
 * GitLab's requirements for a container scanning report, for the fields that this project's report has. They are
 * written here because no available package contains GitLab's own schema. A field that this schema does not have is
 * an error.
 *
 * @see https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/blob/v15.2.1/dist/container-scanning-report-format.json
 */
const schema = closed({
  type: "object",
  required: ["scan", "version", "vulnerabilities"],
  properties: {
    version: { type: "string", const: "15.2.1" },
    scan: {
      type: "object",
      required: ["analyzer", "end_time", "scanner", "start_time", "status", "type"],
      properties: {
        ...{ analyzer: program, scanner: program, start_time: time, end_time: time },
        status: { type: "string", enum: ["success", "failure"] },
        type: { type: "string", enum: ["container_scanning"] },
      },
    },
    vulnerabilities: {
      type: "array",
      items: {
        type: "object",
        required: ["id", "identifiers", "location"],
        properties: {
          id: text,
          name: { type: "string", maxLength: 255 },
          description: { type: "string", maxLength: 1_048_576 },
          severity: {
            type: "string",
            enum: ["Info", "Unknown", "Low", "Medium", "High", "Critical"],
          },
          solution: { type: "string", maxLength: 7000 },
          identifiers: {
            type: "array",
            minItems: 1,
            items: {
              type: "object",
              required: ["type", "name", "value"],
              properties: {
                ...{ type: text, name: text, value: text },
                url: { type: "string", pattern: "^(https?|ftp)://.+" },
              },
            },
          },
          location: {
            type: "object",
            required: ["dependency", "operating_system", "image"],
            properties: { dependency, operating_system: text, image: text },
          },
        },
      },
    },
  },
});

/** Returns the problems of a report by GitLab's rules; empty if it is valid. */
export async function findReportProblems(report: unknown): Promise<string> {
  const server = fastify({
    ajv: { customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false } },
  });
  server.post("/", { schema: { body: schema } }, () => ({}));
  const { statusCode, body } = await server.inject({
    method: "POST",
    url: "/",
    payload: report as object,
  });
  await server.close();
  return statusCode === 200 ? "" : body;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly [keyword: string]: unknown;
}

/** Forbids every object to have properties that the schema does not have. */
function closed(open: Schema): Schema {
  const { items, properties } = open;
  return {
    ...open,
    ...(items && { items: closed(items) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, closed(property)]),
      ),
      additionalProperties: false,
    }),
  };
}
