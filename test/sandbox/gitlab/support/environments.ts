import type { Answer, CallerName, World } from "./world";

/** Environments of the project that most tests use, in the REST API's paths. */
export const environmentsPath = "/projects/web%2Fgatsby-site/environments";

/** An environment as far as most tests need it. */
export interface Environment {
  readonly id: number;
  readonly name: string;
}

/** Creates and stops environments as a developer does; each new one has a name of its own. */
export function environmentsOf(world: World) {
  let names = 0;
  return {
    create: async (fields: object = {}, path = environmentsPath): Promise<Environment> => {
      const json = { name: `env-${++names}`, ...fields };
      const answer = await world.api(path, { method: "POST", as: "developer", json });
      expect(answer).toMatchObject({ status: 201 });
      return answer.body as Environment;
    },

    stop: (path: string, id: number, as: CallerName = "developer"): Promise<Answer> =>
      world.api(`${path}/${id}/stop`, { method: "POST", as }),
  };
}
