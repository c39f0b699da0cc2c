import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { ApiError, forbidden, invalidParameters } from "../errors";
import type { GitLab } from "../gitlab";
import { paginate } from "../http/pagination";
import { integer, optional, readParameters, required, text } from "../http/parameters";
import { findExpressionProblem } from "../regex";
import { mayAdministerImages, mayWriteImages } from "../registry/abilities";
import { cleanUp } from "../registry/cleanup";
import { deleteTags } from "../registry/deletion";
import { askRegistry, tagNotFound } from "../registry/errors";
import { readTag } from "../registry/images";
import { isTagProtected } from "../registry/protection";
import { locate } from "../registry/repositories";
import { renderTag, requireImages, requireRepository } from "./containerRepositories";

const tags = "/projects/:id/registry/repositories/:repository_id/tags";
const repository = { id: required(text), repository_id: required(integer) };
const defaultPerPage = 20;
const maximumPerPage = 100;

/** The tags of a repository, which are read from the registry and deleted there. */
export function serveContainerTags(app: FastifyInstance, gitlab: GitLab): void {
  app.get(tags, async (request, reply) => {
    const { id, repository_id, pagination } = readParameters(request, {
      ...repository,
      pagination: optional(text),
    });
    const { project } = requireImages(gitlab, request, id);
    const { path } = locate(gitlab, requireRepository(gitlab, project, repository_id));
    const names = await askRegistry(() => gitlab.images.listTags(path));
    const page =
      pagination === "keyset"
        ? paginateByName(gitlab, request, reply, names)
        : paginate(gitlab, request, reply, names);
    return page.map((name) => renderTag(gitlab, path, name));
  });

  app.get(`${tags}/:tag_name`, async (request) => {
    const { id, repository_id, tag_name } = readParameters(request, {
      ...repository,
      tag_name: required(text),
    });
    const { project } = requireImages(gitlab, request, id);
    const { path } = locate(gitlab, requireRepository(gitlab, project, repository_id));
    const details = await askRegistry(() => readTag(gitlab.images, path, tag_name));
    if (details === undefined) throw tagNotFound();
    return {
      ...renderTag(gitlab, path, tag_name),
      revision: details.revision,
      short_revision: details.revision.slice(0, 9),
      digest: details.digest,
      created_at: details.createdAt,
      total_size: details.totalSize,
    };
  });

  app.delete(`${tags}/:tag_name`, async (request, reply) => {
    const { id, repository_id, tag_name } = readParameters(request, {
      ...repository,
      tag_name: required(text),
    });
    const { project, caller } = requireImages(gitlab, request, id);
    const found = requireRepository(gitlab, project, repository_id);
    if (!mayWriteImages(gitlab, project, caller?.user)) throw forbidden();
    if (isTagProtected(gitlab, project, tag_name, caller?.user)) throw forbidden();

    const { path } = locate(gitlab, found);
    await askRegistry(async () => {
      if ((await gitlab.images.findManifest(path, tag_name)) === undefined) throw tagNotFound();
      await deleteTags(gitlab, found, [tag_name]);
    });
    gitlab.events.record({
      action: "tag_deleted",
      actor: caller?.user.username,
      target: `${path}:${tag_name}`,
    });
    return reply.code(200).type("application/json").send("200");
  });

  app.delete(tags, (request, reply) => {
    const rules = readParameters(request, {
      ...repository,
      name_regex_delete: optional(text),
      // Former name of `name_regex_delete`.
      name_regex: optional(text),
      name_regex_keep: optional(text),
      keep_n: optional(integer),
      older_than: optional(text),
    });
    checkExpressions(rules);
    const { project, caller } = requireImages(gitlab, request, rules.id);
    const found = requireRepository(gitlab, project, rules.repository_id);
    if (!mayAdministerImages(gitlab, project, caller?.user)) throw forbidden();
    if (!gitlab.containerRepositories.tryBulkDeletion(found)) {
      throw new ApiError(400, {
        message:
          "This request has already been made. You can run this at most once an hour for a given container repository",
      });
    }

    gitlab.background.start(async () => {
      await cleanUp(gitlab, found, caller?.user, {
        nameRegexDelete: rules.name_regex_delete ?? rules.name_regex ?? null,
        nameRegexKeep: rules.name_regex_keep ?? null,
        keepN: rules.keep_n ?? null,
        olderThan: rules.older_than ?? null,
      });
    });
    return reply.code(202).type("application/json").send("202");
  });
}

/** Returns the page after the tag `last`. There are no page numbers, only a link to the next page. */
function paginateByName(
  gitlab: GitLab,
  request: FastifyRequest,
  reply: FastifyReply,
  names: readonly string[],
): string[] {
  const asked = readParameters(request, {
    per_page: optional(integer),
    last: optional(text),
    sort: optional(text),
  });
  const perPage = Math.min(maximumPerPage, Math.max(1, asked.per_page ?? defaultPerPage));
  const sort = asked.sort === "desc" ? "desc" : "asc";
  const { last } = asked;
  const sorted = sort === "asc" ? names : names.toReversed();
  const behind = sorted.filter(
    (name) => last === undefined || (sort === "asc" ? name > last : name < last),
  );
  const page = behind.slice(0, perPage);
  if (behind.length > page.length) {
    const address = new URL(request.url, gitlab.url);
    const next = { pagination: "keyset", per_page: String(perPage), last: page.at(-1) ?? "", sort };
    for (const [name, value] of Object.entries(next)) address.searchParams.set(name, value);
    void reply.header("link", `<${address.href}>; rel="next"`);
  }
  return page;
}

function checkExpressions(
  rules: Readonly<
    Partial<Record<"name_regex_delete" | "name_regex" | "name_regex_keep", string | undefined>>
  >,
): void {
  if (rules.name_regex_delete === undefined && rules.name_regex === undefined) {
    throw invalidParameters(
      "name_regex, name_regex_delete are missing, at least one parameter must be provided",
    );
  }
  const problems = (["name_regex_delete", "name_regex", "name_regex_keep"] as const).flatMap(
    (name) => {
      const problem = findExpressionProblem(rules[name] ?? "");
      return problem === undefined ? [] : [`${name} is an invalid regexp: ${problem}`];
    },
  );
  if (problems.length > 0) throw invalidParameters(problems.join(", "));
}
