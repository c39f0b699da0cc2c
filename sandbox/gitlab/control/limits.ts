import { defaultLimits, type LimitSettings } from "../limits/limits";
import { ControlError, type ControlSubject } from "./subject";

/** `GET /limits`, `PUT /limits`: missing properties don't change. */
export const controlLimits: ControlSubject = (control, { gitlab }) => {
  control.get("/limits", () => gitlab.limits.settings);
  control.put("/limits", ({ body }) => {
    gitlab.limits.change(readChanges(body, gitlab.limits.settings));
    return gitlab.limits.settings;
  });
};

/** Reads the changes that have the form of the settings; a limit's properties can be given one by one. */
function readChanges(body: unknown, known: LimitSettings): Partial<LimitSettings> {
  const current: Readonly<Record<string, unknown>> = { ...known };
  const changes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body ?? {}) as [string, unknown][]) {
    const before = current[name];
    if (before === undefined || typeof value !== typeof before || value === null) {
      const names = Object.keys(defaultLimits).join(", ");
      throw new ControlError(`Use ${names}, each as \`GET\` has it.`);
    }
    changes[name] = typeof before === "object" ? { ...before, ...(value as object) } : value;
  }
  return changes;
}
