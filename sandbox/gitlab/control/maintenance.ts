import { maintenanceModes, readMaintenanceMode, setMaintenanceMode } from "../maintenance";
import type { MaintenanceMode } from "../maintenance";
import { ControlError, type ControlSubject } from "./subject";

/** `GET /maintenance`, `PUT /maintenance`: `maintenance.ts` describes the modes. */
export const controlMaintenance: ControlSubject = (control, { gitlab }) => {
  control.get("/maintenance", () => ({ mode: readMaintenanceMode(gitlab.settings) }));
  control.put<{ Body: { mode?: MaintenanceMode } | null }>("/maintenance", ({ body }) => {
    const mode = body?.mode;
    if (mode === undefined || !maintenanceModes.includes(mode)) {
      throw new ControlError(`\`mode\` is one of ${maintenanceModes.join(", ")}.`);
    }
    setMaintenanceMode(gitlab.settings, mode);
    return { mode };
  });
};
