import type { Answer, CallerName, World } from "./world";

/** Merge requests of the project that most tests use, in the REST API's paths. */
export const mergeRequestsPath = "/projects/web%2Fgatsby-site/merge_requests";

/** A merge request as far as most tests need it. */
export interface MergeRequest {
  readonly id: number;
  readonly iid: number;
  readonly sha: string;
  readonly state: string;
}

/** Opens and changes merge requests; each new one has a source branch of its own. */
export function mergeRequestsOf(world: World) {
  let branches = 0;
  return {
    create: async (
      fields: object = {},
      path = mergeRequestsPath,
      as: CallerName = "developer",
    ): Promise<MergeRequest> => {
      const answer = await world.api(path, {
        method: "POST",
        as,
        json: {
          source_branch: `feature-${++branches}`,
          target_branch: "next",
          title: "A change",
          ...fields,
        },
      });
      expect(answer).toMatchObject({ status: 201 });
      return answer.body as MergeRequest;
    },

    put: (path: string, json: object, as: CallerName = "developer"): Promise<Answer> =>
      world.api(path, { method: "PUT", as, json }),
  };
}
