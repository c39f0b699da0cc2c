import { setMaintenanceMode } from "../maintenance";
import type { ControlSubject } from "./subject";

/** `POST /reset`: no faults, no maintenance, the machine's time, and limits as they are by default. */
export const controlReset: ControlSubject = (control, { gitlab, faults }) => {
  control.post("/reset", (_request, reply) => {
    faults.clear();
    setMaintenanceMode(gitlab.settings, "off");
    gitlab.clock.offsetMilliseconds = 0;
    gitlab.limits.reset();
    return reply.code(204).send();
  });
};
