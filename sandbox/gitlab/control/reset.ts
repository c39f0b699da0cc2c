import { setMaintenanceMode } from "../maintenance";
import type { ControlSubject } from "./subject";

/** `POST /reset`: removes faults and maintenance, and resets the clock and the limits. */
export const controlReset: ControlSubject = (control, { gitlab, faults }) => {
  control.post("/reset", (_request, reply) => {
    faults.clear();
    setMaintenanceMode(gitlab.settings, "off");
    gitlab.clock.offsetMilliseconds = 0;
    gitlab.limits.reset();
    return reply.code(204).send();
  });
};
