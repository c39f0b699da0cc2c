import { applySeed } from "../seed/applySeed";
import { ControlError, type ControlSubject } from "./subject";

/** `POST /seed`: adds what of the seed is not there yet, or nothing at all when something is wrong with it. */
export const controlSeed: ControlSubject = (control, { gitlab, database }) => {
  control.post("/seed", ({ body }, reply) => {
    database.exec("BEGIN");
    try {
      applySeed(gitlab, body ?? {});
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw new ControlError(error instanceof Error ? error.message : String(error));
    }
    return reply.code(204).send();
  });
};
