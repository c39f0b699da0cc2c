import { applySeed } from "../seed/applySeed";
import { ControlError, type ControlSubject } from "./subject";

/** `POST /seed`: adds the missing parts of the seed; adds nothing if the seed has a problem. */
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
