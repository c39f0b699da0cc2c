import { ControlError, type ControlSubject } from "./subject";

/**
 * `POST /projects/move`: gives a project another full path, like a transfer or a renaming in GitLab's UI. The old
 * path then redirects to the new one.
 */
export const controlProjects: ControlSubject = (control, { gitlab }) => {
  control.post<{ Body: { from?: unknown; to?: unknown } | null }>("/projects/move", ({ body }) => {
    const { from, to } = body ?? {};
    if (typeof from !== "string" || typeof to !== "string") {
      throw new ControlError("Give `from` and `to`, both full paths.");
    }
    const project = gitlab.namespaces.findProject(from);
    const group = gitlab.namespaces.findGroup(to.split("/").slice(0, -1).join("/"));
    if (project === undefined) throw new ControlError(`There is no project ${from}.`, 404);
    if (group === undefined) throw new ControlError(`There is no group for ${to}.`, 404);
    if (gitlab.namespaces.findProject(to) !== undefined) {
      throw new ControlError(`There is a project ${to} already.`, 409);
    }
    const { id, path } = gitlab.namespaces.moveProject(project, group, to);
    return { id, path };
  });
};
